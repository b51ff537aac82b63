namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function keeps between its forward and its backward.</summary>
        public unsafe class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];

            internal AutogradContext()
            {
            }

            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> ToSave { get; private set; } = [];

            internal List<Tensor> Dirty { get; private set; } = [];

            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            // The node whose backward runs, as long as it does: libtorch keeps it alive meanwhile.
            internal nint RunningNode { get; set; }

            internal int SavedCount { get; set; }

            public void save_for_backward(List<Tensor> tensors) => ToSave = [.. tensors];

            public void save_data(string key, object value) => data[key] = value;

            public object? get_data(string key) => data.GetValueOrDefault(key);

            public void mark_dirty(List<Tensor> tensors) => Dirty = [.. tensors];

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>New wrappers of the saved tensors, after libtorch checked that nothing changed them in place since.</summary>
            public List<Tensor> get_saved_variables()
            {
                if (RunningNode == 0) throw new InvalidOperationException("Saved tensors can only be read during backward.");
                var handles = new nint[SavedCount];
                fixed (nint* first = handles) Native.Check(Native.pst_node_saved(RunningNode, first, handles.Length));
                return handles.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
            }

            // The node keeps what was saved; wrappers held here would only keep it longer.
            internal void ForgetTensors()
            {
                ToSave = [];
                Dirty = [];
                NonDifferentiable = [];
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            // Nothing to free: the node owns what was saved.
            protected virtual void Dispose(bool disposing)
            {
            }
        }
    }
}
