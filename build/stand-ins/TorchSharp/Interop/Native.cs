using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

/// <summary>The entries of libPipelineSdkTorch.so (build/stand-ins/native/shim.cpp).</summary>
internal static unsafe partial class Native
{
    private const string Library = "PipelineSdkTorch";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    /// <summary>Throws what the shim reported for this thread, if <paramref name="status"/> says that it did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status)
    {
        if (status != 0) Throw();
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8(pst_error()));

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        var file = Path.Combine(AppContext.BaseDirectory, "libPipelineSdkTorch.so");
        if (!File.Exists(file))
            throw new DllNotFoundException(
                $"The native part of the TorchSharp stand-in is missing: '{file}'. Run build/run.sh or build/test.sh once, then build again.");
        if (!NativeLibrary.TryLoad(file, out var handle))
            throw new DllNotFoundException(
                $"'{file}' is there but does not load: libtorch is missing or another version. Install libtorch-dev, then run build/test.sh.");
        return handle;
    }

    [DllImport(Library)] public static extern nint pst_error();

    [DllImport(Library)] public static extern int pst_find(byte* name, byte* overload, nint* op);
    [DllImport(Library)] public static extern int pst_call(nint op, NativeValue* args, int count, int wanted, NativeValue** results, int* resultCount);

    [DllImport(Library)] public static extern void pst_tensor_free(nint tensor);
    [DllImport(Library)] public static extern nint pst_tensor_share(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long pst_dim(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long pst_numel(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long pst_element_size(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int pst_dtype(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int pst_device_type(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int pst_device_index(nint tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int pst_requires_grad(nint tensor);
    [DllImport(Library)] public static extern int pst_is_leaf(nint tensor);
    [DllImport(Library)] public static extern int pst_sizes(nint tensor, long* sizes);
    [DllImport(Library)] public static extern int pst_strides(nint tensor, long* strides);
    [DllImport(Library)] public static extern int pst_is_contiguous(nint tensor, int* contiguous);
    [DllImport(Library)] public static extern int pst_data(nint tensor, void** data);
    [DllImport(Library)] public static extern int pst_storage_offset(nint tensor, long* offset);

    [DllImport(Library)]
    public static extern int pst_from_memory(nint data, long* sizes, long dimensions, int type, delegate* unmanaged<nint, void> release,
        nint state, nint* tensor);

    [DllImport(Library)] public static extern int pst_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] public static extern int pst_grad(nint tensor, nint* grad);
    [DllImport(Library)] public static extern int pst_set_grad(nint tensor, nint grad);

    [DllImport(Library)]
    public static extern int pst_backward(nint* roots, long rootCount, nint* gradients, long gradientCount, int retain, int create,
        nint* inputs, long inputCount);

    [DllImport(Library), SuppressGCTransition] public static extern int pst_grad_enabled();
    [DllImport(Library), SuppressGCTransition] public static extern void pst_set_grad_enabled(int enabled);
    [DllImport(Library), SuppressGCTransition] public static extern int pst_inference_enabled();
    [DllImport(Library)] public static extern nint pst_inference_enter(int mode);
    [DllImport(Library)] public static extern void pst_inference_leave(nint guard);

    [DllImport(Library)]
    public static extern int pst_node_new(delegate* unmanaged<nint, nint, nint*, long, nint*, long, int> backward,
        delegate* unmanaged<nint, void> release, nint state, nint* inputs, long count, int executable, nint* node);

    [DllImport(Library)] public static extern void pst_node_free(nint node);

    [DllImport(Library)]
    public static extern int pst_node_wrap(nint node, int executable, nint* inputs, long inputCount, nint* outputs, long outputCount,
        nint* nonDifferentiable, long nonDifferentiableCount, nint* dirty, long dirtyCount, nint* wrapped);

    [DllImport(Library)] public static extern int pst_node_save(nint node, nint* tensors, long count);
    [DllImport(Library)] public static extern int pst_node_saved(nint rawNode, nint* tensors, long count);

    [DllImport(Library)] public static extern int pst_generator_default(nint* generator);
    [DllImport(Library)] public static extern int pst_generator_new(ulong seed, nint* generator);
    [DllImport(Library)] public static extern void pst_generator_free(nint generator);
    [DllImport(Library)] public static extern int pst_generator_set_seed(nint generator, ulong seed);
    [DllImport(Library)] public static extern int pst_generator_seed(nint generator, int fresh, ulong* seed);
    [DllImport(Library)] public static extern int pst_generator_state(nint generator, nint* state);
    [DllImport(Library)] public static extern int pst_generator_set_state(nint generator, nint state);

    [DllImport(Library)] public static extern int pst_threads();
    [DllImport(Library)] public static extern int pst_interop_threads();
    [DllImport(Library)] public static extern int pst_set_threads(int count);
}
