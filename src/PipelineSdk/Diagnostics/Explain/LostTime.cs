namespace PipelineSdk.Diagnostics;

/// <summary>What made a step longer than its work divided by its workers, part by part. The parts add up to the tick.</summary>
/// <remarks>
/// Each part is the difference of two runs of the step's own program, the second of which has one more cause of delay than the first. So
/// a delay counts only as far as it made the step longer: what hides behind other work does not count. Where one cause hides another, the
/// one that is listed first has it. A part is below zero where its cause made the step shorter, as unequal stages may in a V.
/// </remarks>
/// <param name="ScheduleBubble">What the schedule's order makes workers wait, with stages that all take the mean time.</param>
/// <param name="Imbalance">What is added by stages that take different times: each action takes its stage's typical time.</param>
/// <param name="Variation">What is added by actions that took longer, or shorter, than is typical of their stage and kind: other threads
/// on the same cores and caches, the first micro-batch that warms them.</param>
/// <param name="GarbageCollection">What is added by pauses of the garbage collector that fell into actions and made them slower.</param>
/// <param name="HandOver">What is added between the end of a sender's work and the start of the receiver's, while it waited: the link itself,
/// waking a thread, a link without room.</param>
/// <param name="Host">What is added outside of actions: until the workers turned to their first action, between a worker's actions, and
/// after the last one until the step had ended.</param>
public readonly record struct LostTime(
    TimeSpan ScheduleBubble, TimeSpan Imbalance, TimeSpan Variation, TimeSpan GarbageCollection, TimeSpan HandOver, TimeSpan Host)
{
    /// <summary>The sum of all parts: the step's time less the ideal.</summary>
    public TimeSpan Total => ScheduleBubble + Imbalance + Variation + GarbageCollection + HandOver + Host;

    /// <summary>The parts with their names, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, TimeSpan>> Parts =>
    [
        new("schedule bubble", ScheduleBubble),
        new("imbalance", Imbalance),
        new("variation", Variation),
        new("garbage collection", GarbageCollection),
        new("hand-over", HandOver),
        new("host", Host),
    ];
}
