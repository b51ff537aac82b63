namespace TorchSharp;

public static partial class torch
{
    /// <summary>A managed owner of one native reference (a heap at::Tensor) to a tensor; several may refer to the same tensor.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        // Zero once disposed, or once the reference went to a Parameter or to native code.
        private nint handle;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            var total = Interlocked.Increment(ref totalCount);
            if (total > peakCount) peakCount = total;
            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Managed tensors alive in the process. As in TorchSharp, the tensor a Parameter was made of counts for ever.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        public static long PeakCount => peakCount;

        public nint Handle
        {
            get
            {
                if (handle == 0) throw new InvalidOperationException("Tensor invalid -- empty handle.");
                return handle;
            }
        }

        public bool IsInvalid => handle == 0;

        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Gives up the native reference without freeing it.</summary>
        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var reference = Handle;
            Interlocked.Decrement(ref totalCount);
            handle = 0;
            return reference;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Same shape and same values.</summary>
        public bool Equals(Tensor target) => Op.CallBool("aten::equal", this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        protected virtual void Dispose(bool disposing)
        {
            var reference = Interlocked.Exchange(ref handle, 0);
            if (reference == 0) return;
            DisposeScopeManager.ThreadSingleton.Disposing(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref totalCount);
            Native.pst_tensor_free(reference);
        }

        internal nint MoveHandle()
        {
            var reference = Handle;
            handle = 0;
            return reference;
        }
    }
}
