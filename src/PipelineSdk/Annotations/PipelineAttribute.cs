namespace PipelineSdk;

/// <summary>
/// Marks a <c>partial</c> class deriving from <c>TorchSharp.torch.nn.Module&lt;...&gt;</c> to be cut into pipeline stages at
/// compile time.
/// </summary>
/// <remarks>
/// <para>The source generator reads the class's <c>forward</c>, cuts it where <see cref="PipelineStageAttribute"/> and
/// <see cref="PipelineStagesAttribute"/> say, and implements <see cref="Model.IPipelineModel{TSelf}"/> in the other part of
/// the class. The constructor, <c>forward</c>, the registered names and <c>state_dict</c> stay as they are.</para>
/// <para><c>[Pipeline(Schedule = ScheduleNames.GPipe, MicroBatches = 8)]</c> says besides how the model is usually trained. The compiler
/// builds the schedule for the model's stages and proves it: a combination that can't run is the error PSDK0027. What
/// <see cref="PipelineOptions"/> sets wins over these arguments, and so does <see cref="PipelineOptions.Plan"/>; they win over a plan given to the
/// build as an additional file.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PipelineAttribute : Attribute
{
    /// <summary>The schedule where <see cref="PipelineOptions.Schedule"/> is not set: one of the constants in
    /// <see cref="Schedules.ScheduleNames"/>, or any name that <see cref="Schedules.ScheduleCatalog.Get"/> knows.</summary>
    public string? Schedule { get; init; }

    /// <summary>How many workers run the stages, at least 1, where <see cref="PipelineOptions.Stages"/> is not set. A model that names no
    /// stages gets one for each. Without it every stage has a worker of its own.</summary>
    public int Workers { get; init; }

    /// <summary>Into how many micro-batches a mini-batch is split, at least 1, where neither <see cref="PipelineOptions.MicroBatches"/> nor
    /// <see cref="PipelineOptions.MicroBatchSize"/> is set.</summary>
    public int MicroBatches { get; init; }
}
