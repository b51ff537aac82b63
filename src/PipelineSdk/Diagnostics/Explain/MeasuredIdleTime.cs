using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>A worker's idle time by reason, as measured.</summary>
/// <param name="Fill">Before its first input came.</param>
/// <param name="Drain">After its last action, while others still worked.</param>
/// <param name="Dependency">Between its actions, as the schedule's order has it: with equal stages it would wait as long.</param>
/// <param name="Imbalance">Between its actions, what it waited longer because stages take different times.</param>
/// <param name="Variation">Between its actions, what it waited longer because actions of others took longer than is typical.</param>
/// <param name="Transfer">From the end of the sender's work until it began itself, and for what came late for that reason.</param>
/// <param name="LinkFull">Handing its own result on; long only where the link has no room.</param>
/// <param name="Host">Outside of waiting and work: before the first action, between actions, after the step's last; and for what came late
/// for that reason.</param>
public readonly record struct MeasuredIdleTime(
    TimeSpan Fill, TimeSpan Drain, TimeSpan Dependency, TimeSpan Imbalance, TimeSpan Variation, TimeSpan Transfer, TimeSpan LinkFull, TimeSpan Host)
{
    /// <summary>The sum of all reasons.</summary>
    public TimeSpan Total => Fill + Drain + Dependency + Imbalance + Variation + Transfer + LinkFull + Host;

    /// <summary>The reason of the largest share.</summary>
    public IdleReason Reason => Shares.MaxBy(share => share.Value).Key;

    /// <summary>All reasons with their shares, in order.</summary>
    public IReadOnlyList<KeyValuePair<IdleReason, TimeSpan>> Shares =>
    [
        new(IdleReason.Fill, Fill),
        new(IdleReason.Drain, Drain),
        new(IdleReason.Dependency, Dependency),
        new(IdleReason.Imbalance, Imbalance),
        new(IdleReason.Variation, Variation),
        new(IdleReason.Transfer, Transfer),
        new(IdleReason.LinkFull, LinkFull),
        new(IdleReason.Host, Host),
    ];

    /// <summary>The sums, reason by reason.</summary>
    public static MeasuredIdleTime operator +(MeasuredIdleTime left, MeasuredIdleTime right) => new(
        left.Fill + right.Fill,
        left.Drain + right.Drain,
        left.Dependency + right.Dependency,
        left.Imbalance + right.Imbalance,
        left.Variation + right.Variation,
        left.Transfer + right.Transfer,
        left.LinkFull + right.LinkFull,
        left.Host + right.Host);

    /// <summary>The sums, reason by reason.</summary>
    public MeasuredIdleTime Add(MeasuredIdleTime other) => this + other;
}
