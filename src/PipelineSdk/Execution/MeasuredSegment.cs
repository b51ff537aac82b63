using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>One segment and what was measured of it, in milliseconds.</summary>
internal sealed class MeasuredSegment<TModel>
    where TModel : nn.Module
{
    public MeasuredSegment(Stage<TModel> stage)
    {
        Stage = stage;
        Runner = new StageRunner<TModel>(stage);
        Runner.Prepare(1);
        HasWeights = stage.Parameters.Any(entry => entry.Parameter.requires_grad);
    }

    public Stage<TModel> Stage { get; }

    public PipelineSegment<TModel> Segment => Stage.Segments[0];

    public StageRunner<TModel> Runner { get; }

    public bool HasWeights { get; }

    /// <summary>Whether a backward goes on to the segment before.</summary>
    public bool ReceivesGraph { get; set; }

    /// <summary>Whether the backward has both parts, so that one has to be measured apart.</summary>
    public bool SplitsBackward => HasWeights && ReceivesGraph;

    public List<double> Forward { get; } = [];

    public List<double> Backward { get; } = [];

    public List<double> WeightGradient { get; } = [];

    public long OutputBytes { get; set; }

    public long ActivationBytes { get; set; }

    public SegmentCosts Costs(int warmUp, double idle)
    {
        var backward = Time(Backward);
        var weights = SplitsBackward ? Math.Min(backward, Time(WeightGradient)) : HasWeights ? backward : 0;
        return new SegmentCosts(Segment.Name, Time(Forward), backward - weights, weights)
        {
            OutputBytes = OutputBytes,
            ActivationBytes = ActivationBytes,
            ParameterBytes = Stage.Parameters.Sum(entry => ByteCount.Of(entry.Parameter)),
            StateBytes = Stage.Parameters.Where(entry => entry.Parameter.requires_grad).Sum(entry => ByteCount.Of(entry.Parameter)),
        };

        // The planner adds the overhead once per action, however many segments a stage has.
        double Time(List<double> times) => Math.Max(0, MeasuredTime.From(times, warmUp).Median - idle);
    }
}
