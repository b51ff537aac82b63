namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>
                /// Falls along half a cosine to eta_min in T_max epochs, and rises again (Loshchilov and Hutter 2017, without restarts).
                /// </summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _T_max;
                    private readonly double _eta_min;

                    public CosineAnnealingLR(
                        Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _T_max = T_max;
                        _eta_min = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _last_epoch == 0
                        ? Rates
                        : (_last_epoch - 1 - _T_max) % (2 * _T_max) == 0
                            ? Rates.Select((rate, group) => rate + (_base_lrs[group] - _eta_min) * (1 - Math.Cos(Math.PI / _T_max)) / 2)
                            : Rates.Select(rate => Height(_last_epoch) / Height(_last_epoch - 1) * (rate - _eta_min) + _eta_min);

                    protected override IEnumerable<double> get_closed_form_lr() => _base_lrs.Select(
                        rate => _eta_min + (rate - _eta_min) * Height(_last_epoch) / 2);

                    private double Height(int epoch) => 1 + Math.Cos(Math.PI * epoch / _T_max);
                }
            }
        }
    }
}
