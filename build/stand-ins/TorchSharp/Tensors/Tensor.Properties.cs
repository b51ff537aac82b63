namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long Dimensions => Kept(Native.pst_dim(Handle));

        public long ndim => Dimensions;

        public long NumberOfElements => Kept(Native.pst_numel(Handle));

        public long ElementSize => Kept(Native.pst_element_size(Handle));

        public ScalarType dtype => (ScalarType)Kept(Native.pst_dtype(Handle));

        public DeviceType device_type => (DeviceType)Kept(Native.pst_device_type(Handle));

        public int device_index => (int)Kept(Native.pst_device_index(Handle));

        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);

        public long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* first = sizes) Native.Check(Native.pst_sizes(Handle, first));
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_leaf => Kept(Native.pst_is_leaf(Handle)) != 0;

        public bool requires_grad
        {
            get => Kept(Native.pst_requires_grad(Handle)) != 0;
            set
            {
                Native.Check(Native.pst_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>A new wrapper at each read, or null.</summary>
        public Tensor? grad
        {
            get
            {
                nint gradient;
                Native.Check(Native.pst_grad(Handle, &gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                Native.Check(Native.pst_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public Tensor T => permute(Enumerable.Range(0, (int)ndim).Reverse().Select(dim => (long)dim));

        public Tensor H => Op.Call("aten::matrix_H", this);

        public Tensor mT => Op.Call("aten::mT", this);

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* first = strides) Native.Check(Native.pst_strides(Handle, first));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public long storage_offset()
        {
            long offset;
            Native.Check(Native.pst_storage_offset(Handle, &offset));
            GC.KeepAlive(this);
            return offset;
        }

        public bool is_contiguous()
        {
            int contiguous;
            Native.Check(Native.pst_is_contiguous(Handle, &contiguous));
            GC.KeepAlive(this);
            return contiguous != 0;
        }

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_nonzero()
        {
            if (numel() != 1) throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");
            return Op.CallBool("aten::is_nonzero", this);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Op.Run("aten::retain_grad", this);

        // Reading through a handle must not outlive the wrapper that owns it.
        private long Kept(long value)
        {
            GC.KeepAlive(this);
            return value;
        }
    }
}
