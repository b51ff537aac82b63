namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::empty_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::full_like", this, value, dtype, Arg.None, device), requires_grad);

        public Tensor new_empty(
            ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::empty.memory_format", size.ToArray(), dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_empty(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::empty.memory_format", [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_empty(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Make("aten::empty.memory_format", [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_empty(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::empty.memory_format", [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::empty.memory_format", [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::empty.memory_format", size, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Filled(size.ToArray(), value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Filled([dim0, dim1, dim2], value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Filled([dim0, dim1, dim2, dim3], value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Filled([rows, columns], value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Filled([size], value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_full(
            long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Filled(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_ones(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::ones", [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_ones(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Make("aten::ones", [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_ones(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::ones", [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::ones", [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(
            ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::zeros", size.ToArray(), dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(
            long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::zeros", [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(
            long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
            bool requires_grad = false) =>
            Make("aten::zeros", [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(
            long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::zeros", [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::zeros", [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Make("aten::zeros", size, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::ones_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::rand_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor randint_like(
            long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::randint_like.low_dtype", this, low, high, dtype, Arg.None, device), requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::randn_like", this, dtype, Arg.None, device), requires_grad);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Op.Call("aten::zeros_like", this, dtype, Arg.None, device), requires_grad);
    }
}
