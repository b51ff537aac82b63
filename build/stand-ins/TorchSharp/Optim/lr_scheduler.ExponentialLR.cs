namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies by gamma after each epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(
                        Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _last_epoch == 0
                        ? Rates
                        : Rates.Select(rate => rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => _base_lrs.Select(
                        rate => rate * Math.Pow(_gamma, _last_epoch));
                }
            }
        }
    }
}
