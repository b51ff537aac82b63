namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The first rate times a function of the epoch.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly IReadOnlyList<Func<int, double>> _lr_lambdas;

                    public LambdaLR(
                        Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lr_lambdas = [.. Enumerable.Repeat(lr_lambda, _base_lrs.Count)];
                        step();
                    }

                    /// <summary>With a function for each parameter group.</summary>
                    public LambdaLR(
                        Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lr_lambdas = [.. lr_lambdas];
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                        => _base_lrs.Select((rate, group) => rate * _lr_lambdas[group](_last_epoch));
                }
            }
        }
    }
}
