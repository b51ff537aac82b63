namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor mm(Tensor target) => Op.Call("aten::mm", this, target);

        public Tensor bmm(Tensor batch2) => Op.Call("aten::bmm", this, batch2);

        public Tensor matmul(Tensor target) => Op.Call("aten::matmul", this, target);

        public Tensor mv(Tensor target) => Op.Call("aten::mv", this, target);

        public Tensor dot(Tensor target) => Op.Call("aten::dot", this, target);

        public Tensor vdot(Tensor target) => Op.Call("aten::vdot", this, target);

        public Tensor outer(Tensor vec2) => Op.Call("aten::outer", this, vec2);

        public Tensor ger(Tensor vec2) => Op.Call("aten::ger", this, vec2);

        public Tensor inner(Tensor vec2) => Op.Call("aten::inner", this, vec2);

        public Tensor kron(Tensor other) => Op.Call("aten::kron", this, other);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Op.Call("aten::addmm", this, mat1, mat2, beta, alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            InPlace("aten::addmm_", mat1, mat2, beta, alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) =>
            Op.Call("aten::addmv", this, mat, vec, beta, alpha);

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) =>
            InPlace("aten::addmv_", mat, vec, beta, alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Op.Call("aten::addbmm", this, batch1, batch2, beta, alpha);

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            InPlace("aten::addbmm_", batch1, batch2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Op.Call("aten::baddbmm", this, batch1, batch2, beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) =>
            Op.Call("aten::addr", this, vec1, vec2, beta, alpha);

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) =>
            InPlace("aten::addr_", vec1, vec2, beta, alpha);

        public Tensor trace() => Op.Call("aten::trace", this);

        public Tensor det() => Op.Call("aten::det", this);

        public Tensor logdet() => Op.Call("aten::logdet", this);

        public Tensor inverse() => Op.Call("aten::inverse", this);

        public Tensor matrix_power(int n) => Op.Call("aten::matrix_power", this, n);

        public Tensor matrix_exp() => Op.Call("aten::matrix_exp", this);

        public Tensor cholesky(bool upper = false) => Op.Call("aten::cholesky", this, upper);
    }
}
