namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor sum(ScalarType? type = null) => Op.Call("aten::sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() => Op.Call("aten::mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::mean.dim", this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Op.Call("aten::prod", this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::prod.dim_int", this, dim, keepdim, type);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Pair(Op.CallMany("aten::max.dim", this, dim, keepdim));

        public Tensor max() => Op.Call("aten::max", this);

        public Tensor max(Tensor other) => Op.Call("aten::max.other", this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Pair(Op.CallMany("aten::min.dim", this, dim, keepdim));

        public Tensor min() => Op.Call("aten::min", this);

        public Tensor min(Tensor other) => Op.Call("aten::min.other", this, other);

        public Tensor argmax() => Op.Call("aten::argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Op.Call("aten::argmax", this, dim, keepdim);

        public Tensor argmin() => Op.Call("aten::argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Op.Call("aten::argmin", this, dim, keepdim);

        public Tensor all() => Op.Call("aten::all", this);

        public Tensor all(long dim, bool keepdim = false) => Op.Call("aten::all.dim", this, dim, keepdim);

        public Tensor any() => Op.Call("aten::any", this);

        public Tensor any(long dim, bool keepdim = false) => Op.Call("aten::any.dim", this, dim, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => Op.Call("aten::cumsum", this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Op.Call("aten::cumprod", this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Pair(Op.CallMany("aten::cummax", this, dim));

        public (Tensor values, Tensor indexes) cummin(long dim) => Pair(Op.CallMany("aten::cummin", this, dim));

        public Tensor logsumexp(long dim, bool keepdim = false) => Op.Call("aten::logsumexp", this, dim, keepdim);

        public Tensor logcumsumexp(long dim) => Op.Call("aten::logcumsumexp", this, dim);

        public Tensor median() => Op.Call("aten::median", this);

        public Tensor nansum() => Op.Call("aten::nansum", this);

        public Tensor nanmedian() => Op.Call("aten::nanmedian", this);

        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) =>
            Pair(Op.CallMany("aten::mode", this, dim, keepdim));

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(Op.CallMany("aten::topk", this, k, dim, largest, sorted));

        public Tensor argsort(long dim = -1, bool descending = false) => Op.Call("aten::argsort", this, dim, descending);

        public Tensor msort() => Op.Call("aten::msort", this);

        public Tensor dist(Tensor other, float p = 2) => Op.Call("aten::dist", this, other, p);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) =>
            Op.Call("aten::diff", this, n, dim, prepend, append);
    }
}
