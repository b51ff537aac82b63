using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Under every schedule: what lives is what the proof says, and nothing is left behind, whatever fails.</summary>
public sealed class ScheduleLifetimeTests
{
    public static TheoryData<string> Schedules() => [.. FlushSchedules.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Workers_hold_as_many_activations_as_the_proof_says_and_release_them(string name)
    {
        using var scope = NewDisposeScope();
        var schedule = ScheduleCatalog.Get(name);
        var shape = schedule.NearestShapes(new ScheduleShape(3, 6, 7), 1)[0];
        using var model = Net(shape.Stages);
        using var pipeline = (Pipeline<PiecesNet>)Create(model, schedule, shape);
        var program = schedule.Build(shape);
        var peaks = new int[shape.Workers];
        // On the worker's own thread, with the forward that is about to run counted in.
        model.BeforeLayer = layer =>
        {
            var worker = program.WorkerOf(layer / 2);
            peaks[worker] = Math.Max(peaks[worker], pipeline.HeldBy(worker));
        };

        pipeline.TrainStep(randn(shape.MicroBatches, 4), randn(shape.MicroBatches, 4), MSELoss());

        Assert.Equal(ScheduleCheck.Verify(program).PeakInFlight, peaks);
        Assert.All(Enumerable.Range(0, shape.Workers), worker => Assert.Equal(0, pipeline.HeldBy(worker)));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Steps_and_faults_leave_no_tensor_behind(string name)
    {
        using var scope = NewDisposeScope();
        var schedule = ScheduleCatalog.Get(name);
        var shape = schedule.NearestShapes(new ScheduleShape(2, 4, 5), 1)[0];
        using var model = Net(shape.Stages);
        using var pipeline = Create(model, schedule, shape);
        var (x, y) = (randn(11, 4), randn(11, 4));
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();

        for (var i = 0; i < 20; i++) pipeline.TrainStep(x, y, MSELoss());
        Assert.Equal(live, Tensor.TotalCount);

        var forwards = 2 * shape.Stages * shape.MicroBatches;
        for (var failing = 0; failing < forwards; failing += 5)
        {
            foreach (var spoil in new[] { false, true })
            {
                var calls = 0;
                model.BeforeLayer = layer =>
                {
                    if (Interlocked.Increment(ref calls) != failing + 1) return;
                    if (!spoil) throw new FormatException();
                    Spoil(model, layer);
                };
                // Whether a backward meets what was spoilt is the schedule's affair; a forward that throws always fails.
                var failure = Record.Exception(() => pipeline.TrainStep(x, y, MSELoss()));
                Assert.True(failure is PipelineException || (spoil && failure is null), $"{failing}: {failure}");
                Assert.Equal(live, Tensor.TotalCount);
            }
        }

        model.BeforeLayer = null;
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, MSELoss()).Loss));
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("1F0 1F1 1B0 1B1", "1B0", "backward")]
    [InlineData("1F0 1F1 1I0 1I1 1W0 1W1", "1I0", "input gradient")]
    [InlineData("1F0 1I0 1F1 1I1 1W0 1W1", "1W0", "weight gradient")]
    public void A_fault_in_an_action_of_every_kind_names_it_and_leaves_nothing_behind(string program, string action, string work)
    {
        using var scope = NewDisposeScope();
        var first = program.Contains('B', StringComparison.Ordinal) ? "0F0 0F1 0B0 0B1" : "0F0 0F1 0I0 0I1 0W0 0W1";
        var schedule = new FixedSchedule(ScheduleText.Parse($"{first}\n{program}", name: "Own"));
        using var model = Net(2);
        using var pipeline = Create(model, schedule, new ScheduleShape(2, 2, 2));
        var (x, y) = (randn(4, 4), randn(4, 4));
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();
        for (var i = 0; i < 3; i++)
        {
            var calls = 0;
            model.BeforeLayer = layer =>
            {
                // Before the second forward of the second stage: what the first one saved is no longer what it was.
                if (layer == 2 && calls++ == 1) Spoil(model, layer);
            };
            var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, MSELoss()));
            Assert.Equal(action, failure.Action.ToString());
            Assert.Equal(1, failure.Worker);
            Assert.Contains($"{work} of stage 1 (layers.2, layers.3) failed on micro-batch 0", failure.Message, StringComparison.Ordinal);
            Assert.Contains("modified by an inplace operation", failure.InnerException!.Message, StringComparison.Ordinal);
            Assert.Equal(live, Tensor.TotalCount);
            model.BeforeLayer = null;
            pipeline.TrainStep(x, y, MSELoss());
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Cancelling_leaves_nothing_behind(string name)
    {
        using var scope = NewDisposeScope();
        var schedule = ScheduleCatalog.Get(name);
        var shape = schedule.NearestShapes(new ScheduleShape(2, 4, 5), 1)[0];
        using var model = Net(shape.Stages);
        using var pipeline = Create(model, schedule, shape);
        var (x, y) = (randn(11, 4), randn(11, 4));
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();
        foreach (var at in new[] { 1, 9, 2 * shape.Stages * shape.MicroBatches / 2 })
        {
            using var cancellation = new CancellationTokenSource();
            var calls = 0;
            model.BeforeLayer = _ =>
            {
                if (Interlocked.Increment(ref calls) == at) cancellation.Cancel();
            };
            Assert.Throws<OperationCanceledException>(() => pipeline.TrainStep(x, y, MSELoss(), cancellation.Token));
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    private static PiecesNet Net(int stages)
        => new([.. Enumerable.Range(0, stages).SelectMany(_ => new Module<Tensor, Tensor>[] { Linear(4, 4), Tanh() })]);

    private static IPipeline<PiecesNet> Create(PiecesNet model, PipelineSchedule schedule, ScheduleShape shape) => Pipeline.Create(
        model, new PipelineOptions { Schedule = schedule, Stages = shape.Stages, Workers = shape.Workers, MicroBatches = shape.MicroBatches });

    /// <summary>Changes a weight in place: libtorch refuses a backward that needs what it was.</summary>
    private static void Spoil(PiecesNet model, int layer)
    {
        using var constant = no_grad();
        foreach (var parameter in model.layers[layer].parameters()) parameter.add_(0);
    }
}
