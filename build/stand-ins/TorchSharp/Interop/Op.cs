using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp;

/// <summary>
/// Calls an operator of libtorch by its name, as in "aten::add.Tensor". Arguments stand in the order of its schema; missing trailing
/// ones take the schema's defaults. A failure is an <see cref="ExternalException"/> with the first line of libtorch's message.
/// </summary>
[SkipLocalsInit]
internal static unsafe class Op
{
    private const int InlineBytes = 512;
    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>The only or the first result as a new tensor.</summary>
    public static torch.Tensor Call(string name, params ReadOnlySpan<Arg> args)
    {
        var first = Invoke(name, args, true, out _)[0];
        return first.Bits == 0 ? null! : new torch.Tensor((nint)first.Bits);
    }

    /// <summary>All results; null where libtorch gives an undefined tensor.</summary>
    public static torch.Tensor[] CallMany(string name, params ReadOnlySpan<Arg> args)
    {
        var results = Invoke(name, args, true, out var count);
        var tensors = new torch.Tensor[count];
        for (var i = 0; i < count; i++)
            tensors[i] = results[i].Bits == 0 ? null! : new torch.Tensor((nint)results[i].Bits);
        return tensors;
    }

    public static long CallLong(string name, params ReadOnlySpan<Arg> args) => Invoke(name, args, true, out _)[0].Bits;

    public static double CallDouble(string name, params ReadOnlySpan<Arg> args) =>
        BitConverter.Int64BitsToDouble(Invoke(name, args, true, out _)[0].Bits);

    public static bool CallBool(string name, params ReadOnlySpan<Arg> args) => Invoke(name, args, true, out _)[0].Bits != 0;

    /// <summary>For in-place operators and those without a result: what comes back is dropped.</summary>
    public static void Run(string name, params ReadOnlySpan<Arg> args) => Invoke(name, args, false, out _);

    // The results lie in a buffer of this thread that lives until its next call.
    private static NativeValue* Invoke(string name, ReadOnlySpan<Arg> args, bool wanted, out int resultCount)
    {
        var op = Found.TryGetValue(name, out var known) ? known : Find(name);
        var values = stackalloc NativeValue[args.Length];
        var inline = stackalloc byte[InlineBytes];
        var free = InlineBytes;
        List<nint>? allocated = null;
        try
        {
            for (var i = 0; i < args.Length; i++)
            {
                ref readonly var arg = ref args[i];
                ref var value = ref values[i];
                value = new NativeValue { Kind = arg.Kind, Length = arg.Length, Bits = arg.Bits };
                if (arg.Kind < ValueKind.String || arg.Kind is ValueKind.Device or ValueKind.Generator) continue;

                var bytes = arg.Kind switch
                {
                    ValueKind.String => Encoding.UTF8.GetByteCount((string)arg.Reference!),
                    ValueKind.BoolList => arg.Length,
                    ValueKind.Complex => 16,
                    _ => arg.Length * 8,
                };
                byte* place;
                if (bytes <= free)
                {
                    place = inline + (InlineBytes - free);
                    free -= Math.Min(free, (bytes + 7) & ~7);
                }
                else
                {
                    place = (byte*)NativeMemory.Alloc((nuint)bytes);
                    (allocated ??= []).Add((nint)place);
                }

                Fill(arg, place, bytes);
                value.Bits = (long)place;
                if (arg.Kind == ValueKind.String) value.Length = bytes;
            }

            NativeValue* results;
            int count;
            Native.Check(Native.pst_call(op, values, args.Length, wanted ? 1 : 0, &results, &count));
            resultCount = count;
            return results;
        }
        finally
        {
            if (allocated is not null)
                foreach (var place in allocated) NativeMemory.Free((void*)place);
            Keep(args);
        }
    }

    private static void Fill(in Arg arg, byte* place, int bytes)
    {
        switch (arg.Kind)
        {
            case ValueKind.String:
                Encoding.UTF8.GetBytes((string)arg.Reference!, new Span<byte>(place, bytes));
                break;
            case ValueKind.IntList:
                ((long[])arg.Reference!).CopyTo(new Span<long>(place, arg.Length));
                break;
            case ValueKind.DoubleList:
                ((double[])arg.Reference!).CopyTo(new Span<double>(place, arg.Length));
                break;
            case ValueKind.BoolList:
                ((bool[])arg.Reference!).CopyTo(new Span<bool>(place, arg.Length));
                break;
            case ValueKind.TensorList:
                var tensors = (torch.Tensor?[])arg.Reference!;
                for (var i = 0; i < tensors.Length; i++) ((nint*)place)[i] = tensors[i]?.Handle ?? 0;
                break;
            case ValueKind.Complex:
                var complex = (Complex)arg.Reference!;
                ((double*)place)[0] = complex.Real;
                ((double*)place)[1] = complex.Imaginary;
                break;
        }
    }

    // Handles are plain numbers to the garbage collector: their owners must outlive the native call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(ReadOnlySpan<Arg> args) => _ = args.Length;

    private static nint Find(string name)
    {
        var dot = name.IndexOf('.');
        var plain = Encoding.UTF8.GetBytes((dot < 0 ? name : name[..dot]) + '\0');
        var overload = Encoding.UTF8.GetBytes((dot < 0 ? "" : name[(dot + 1)..]) + '\0');
        nint op;
        fixed (byte* plainBytes = plain)
        fixed (byte* overloadBytes = overload)
            Native.Check(Native.pst_find(plainBytes, overloadBytes, &op));
        return Found.GetOrAdd(name, op);
    }
}
