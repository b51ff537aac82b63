using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>
        /// The graph node of one call of a custom function. The native node holds the managed state through a GC handle and gives
        /// it back when the graph is freed. No exception crosses native frames: one thrown by backward waits in <see cref="failure"/>,
        /// native code reports a plain error, and the call of backward() that started it all throws.
        /// </summary>
        private sealed unsafe class FunctionNode : IDisposable
        {
            [ThreadStatic]
            private static Exception? failure;

            private readonly Tensor[] inputs;
            private readonly bool executable;
            private readonly State state;
            private nint node;

            public FunctionNode(
                string name,
                Func<AutogradContext, List<Tensor>, List<Tensor>> backward,
                object[] arguments,
                Tensor[] inputs,
                bool executable)
            {
                this.inputs = inputs;
                this.executable = executable;
                state = new State(name, backward, Array.ConvertAll(arguments, argument => argument is Tensor { IsInvalid: false }));
                var hold = GCHandle.ToIntPtr(GCHandle.Alloc(state));
                var handles = Handles(inputs);
                nint created;
                fixed (nint* first = handles)
                    Native.Check(Native.pst_node_new(&Backward, &Release, hold, first, handles.Length, executable ? 1 : 0, &created));
                node = created;
                GC.KeepAlive(inputs);
            }

            public AutogradContext Context => state.Context;

            public List<Tensor> Wrap(List<Tensor> outputs)
            {
                var given = Handles(inputs);
                var raw = Handles(outputs);
                var frozen = Handles(Context.NonDifferentiable);
                var dirty = Handles(Context.Dirty);
                var wrapped = new nint[raw.Length];
                fixed (nint* first = given, second = raw, third = frozen, fourth = dirty, last = wrapped)
                    Native.Check(Native.pst_node_wrap(
                        node,
                        executable ? 1 : 0,
                        first,
                        given.Length,
                        second,
                        raw.Length,
                        third,
                        frozen.Length,
                        fourth,
                        dirty.Length,
                        last));
                var results = wrapped.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
                if (executable) Save(results);
                GC.KeepAlive(outputs);
                return results;
            }

            public void Dispose()
            {
                if (node == 0) return;
                Native.pst_node_free(node);
                node = 0;
            }

            internal static Exception? TakeFailure()
            {
                var taken = failure;
                failure = null;
                return taken;
            }

            private void Save(List<Tensor> results)
            {
                var handles = Handles(Context.ToSave);
                fixed (nint* first = handles) Native.Check(Native.pst_node_save(node, first, handles.Length));
                GC.KeepAlive(Context.ToSave);
                Context.SavedCount = handles.Length;
                Context.ForgetTensors();
                state.Outputs = results.Select(result => result is null ? null : new OutputInfo(result.shape, result.dtype)).ToArray();
            }

            [UnmanagedCallersOnly]
            private static void Release(nint hold) => GCHandle.FromIntPtr(hold).Free();

            [UnmanagedCallersOnly]
            private static int Backward(nint hold, nint rawNode, nint* gradients, long count, nint* produced, long producedCount)
            {
                try
                {
                    ((State)GCHandle.FromIntPtr(hold).Target!).Backward(rawNode, new(gradients, (int)count), new(produced, (int)producedCount));
                    return 0;
                }
                catch (Exception exception)
                {
                    failure = exception;
                    return 1;
                }
            }

            private sealed record OutputInfo(long[] Shape, ScalarType Type);

            private sealed class State(string name, Func<AutogradContext, List<Tensor>, List<Tensor>> backward, bool[] isTensor)
            {
                public AutogradContext Context { get; } = new();

                public OutputInfo?[] Outputs { get; set; } = [];

                public void Backward(nint rawNode, ReadOnlySpan<nint> handles, Span<nint> produced)
                {
                    var received = new List<Tensor>();
                    for (var i = 0; i < handles.Length; i++)
                        received.Add(handles[i] != 0 ? new Tensor(handles[i]) : Missing(i));
                    List<Tensor> gradients;
                    lock (Context)
                    {
                        Context.RunningNode = rawNode;
                        try
                        {
                            gradients = backward(Context, received);
                        }
                        finally
                        {
                            Context.RunningNode = 0;
                        }
                    }

                    if (gradients.Count > isTensor.Length && gradients.Skip(isTensor.Length).All(Undefined))
                        gradients = gradients[..isTensor.Length];
                    if (gradients.Count != isTensor.Length)
                        throw new NotImplementedException(
                            $"Function {name} returned an incorrect number of gradients (expected {isTensor.Length}, got {gradients.Count}).");
                    var next = 0;
                    for (var i = 0; i < gradients.Count; i++)
                    {
                        if (isTensor[i]) produced[next++] = Undefined(gradients[i]) ? 0 : Native.pst_tensor_share(gradients[i].Handle);
                        else if (!Undefined(gradients[i]))
                            throw new NotImplementedException(
                                $"Function {name} returned a gradient for argument {i + 1}, which was not a tensor.");
                    }
                }

                private static bool Undefined(Tensor? tensor) => tensor is null || tensor.IsInvalid;

                private Tensor Missing(int output) =>
                    Context.MaterializeGrads && Outputs[output] is { } info ? zeros(info.Shape, info.Type) : null!;
            }
        }
    }
}
