namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Op.Call("aten::bernoulli", this, generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null) => InPlace("aten::bernoulli_.Tensor", p, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace("aten::bernoulli_.float", p, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            InPlace("aten::normal_", mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            InPlace("aten::uniform_", from, to, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            InPlace("aten::exponential_", lambda, generator);

        public Tensor geometric_(double p, Generator? generator = null) => InPlace("aten::geometric_", p, generator);

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) =>
            InPlace("aten::cauchy_", median, sigma, generator);

        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            InPlace("aten::log_normal_", mean, std, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Op.Call("aten::multinomial", this, num_samples, replacement, generator);

        public Tensor poisson(Generator? generator = null) => Op.Call("aten::poisson", this, generator);
    }
}
