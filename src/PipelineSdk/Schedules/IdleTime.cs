namespace PipelineSdk.Schedules;

/// <summary>Idle time by reason, in the unit of the costs.</summary>
/// <param name="Fill">Before the worker's first action.</param>
/// <param name="Drain">After its last action, until the step ends.</param>
/// <param name="Dependency">Between its actions, as the order of the schedule has it: with equal stages and free links it would
/// wait as long.</param>
/// <param name="Imbalance">Between its actions, what it waits longer because stages do not take equal time.</param>
/// <param name="Transfer">Between its actions, what it waits longer because links take time.</param>
/// <param name="LinkFull">After its actions, while the link had no room for the result.</param>
public readonly record struct IdleTime(
    double Fill, double Drain, double Dependency, double Imbalance, double Transfer, double LinkFull)
{
    /// <summary>The sum of all reasons.</summary>
    public double Total => Fill + Drain + Dependency + Imbalance + Transfer + LinkFull;

    /// <summary>The reason of the largest share.</summary>
    public IdleReason Reason
    {
        get
        {
            var (reason, most) = (IdleReason.Fill, Fill);
            foreach (var (other, share) in new[]
            {
                (IdleReason.Drain, Drain), (IdleReason.Dependency, Dependency), (IdleReason.Imbalance, Imbalance),
                (IdleReason.Transfer, Transfer), (IdleReason.LinkFull, LinkFull),
            })
            {
                (reason, most) = share > most ? (other, share) : (reason, most);
            }

            return reason;
        }
    }

    /// <summary>The sums, reason by reason.</summary>
    public static IdleTime operator +(IdleTime left, IdleTime right) => new(
        left.Fill + right.Fill,
        left.Drain + right.Drain,
        left.Dependency + right.Dependency,
        left.Imbalance + right.Imbalance,
        left.Transfer + right.Transfer,
        left.LinkFull + right.LinkFull);

    /// <summary>The sums, reason by reason.</summary>
    public IdleTime Add(IdleTime other) => this + other;
}
