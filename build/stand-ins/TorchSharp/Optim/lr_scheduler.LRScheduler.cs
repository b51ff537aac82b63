namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Rules by which learning rates change over the epochs, as in torch.optim.lr_scheduler.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rate of each parameter group at each step; the constructor makes the first.</summary>
            public abstract class LRScheduler
            {
                protected int _step_count;

                private protected readonly Optimizer _optimizer = null!;
                private protected readonly IReadOnlyList<double> _base_lrs = [];
                private protected int _last_epoch = -1;

                private readonly bool _verbose;
                private readonly double[] _last_lrs = [];

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _verbose = verbose;
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    _last_lrs = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
                }

                /// <summary>The rates now: what the last step set.</summary>
                private protected IEnumerable<double> Rates => _optimizer.ParamGroups.Select(group => group.LearningRate);

                public virtual void step() => step(null);

                /// <summary>Goes on by an epoch, or to a given one.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;

                    var rates = (epoch is null ? get_lr() : get_closed_form_lr()).ToList();
                    var place = 0;
                    foreach (var group in _optimizer.ParamGroups.ToList())
                    {
                        group.LearningRate = rates[place];
                        if (_verbose && _last_lrs[place] != rates[place])
                            Console.WriteLine(FormattableString.Invariant($"Adjusting learning rate to {rates[place]}"));
                        _last_lrs[place] = rates[place];
                        place++;
                    }
                }

                /// <summary>For rules that look at a metric; this one does not.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates of this epoch from those of the one before.</summary>
                protected virtual IEnumerable<double> get_lr() => Rates;

                /// <summary>The rates of this epoch from the first ones.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();
            }
        }
    }
}
