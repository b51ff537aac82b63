using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>A step as a trace: the ids of its spans, and which action sent what another took.</summary>
/// <remarks>
/// Ids come from the step itself: its pipeline, number and moment. A step has the same ids in every file, and no two spans of a trace have the same.
/// </remarks>
internal sealed class StepTrace
{
    private readonly Dictionary<(int Stage, int MicroBatch, bool Forward), int> senders = [];
    private readonly ulong seed;

    public StepTrace(StepTimeline step)
    {
        Step = step;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{step.StartedAt.UtcTicks} {step.Step} {step.Mode} {step.Schedule} {step.Pipeline}")),
            hash);
        TraceId = ActivityTraceId.CreateFromBytes(hash[..16]).ToHexString();
        seed = BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
        for (var index = 0; index < step.Actions.Count; index++)
        {
            // Gradients of weights are handed to nobody.
            var action = step.Actions[index].Action;
            if (action.Kind != ActionKind.WeightGradient) senders[(action.Stage, action.MicroBatch, action.Kind == ActionKind.Forward)] = index;
        }
    }

    public StepTimeline Step { get; }

    /// <summary>32 lowercase hexadecimal digits.</summary>
    public string TraceId { get; }

    /// <summary>The span of the step: 16 lowercase hexadecimal digits, as of all spans.</summary>
    public string StepSpan => Id(0);

    /// <summary>The span that holds all actions of a worker.</summary>
    public string LaneSpan(int worker) => Id(1 + worker);

    /// <summary>The span of an action, by its position in <see cref="StepTimeline.Actions"/>.</summary>
    public string ActionSpan(int index) => Id(1 + Step.Workers + index);

    /// <summary>The position of the action that sent what another one took; null where nobody did.</summary>
    public int? SenderOf(int index)
    {
        var (stage, kind, microBatch) = Step.Actions[index].Action;
        if (kind == ActionKind.WeightGradient) return null;
        var forward = kind == ActionKind.Forward;
        return senders.TryGetValue((forward ? stage - 1 : stage + 1, microBatch, forward), out var sender) ? sender : null;
    }

    /// <summary>Whether the step failed in this action.</summary>
    public bool HasFailed(int index) =>
        Step.Failure is PipelineException failure && failure.Worker == Step.Actions[index].Worker && failure.Action == Step.Actions[index].Action;

    // The finalizer of SplitMix64 (Steele et al., Fast splittable pseudorandom number generators, 2014) maps distinct numbers to distinct ones.
    private string Id(int ordinal)
    {
        var mixed = unchecked(seed + ((ulong)ordinal * 0x9E3779B97F4A7C15));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        mixed ^= mixed >> 31;
        return mixed.ToString("x16", CultureInfo.InvariantCulture);
    }
}
