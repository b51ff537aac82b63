using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Under every schedule: what lives is what the proof says, and nothing is left behind, whatever fails.</summary>
public sealed class ScheduleLifetimeTests
{
    public static TheoryData<string> Schedules() => [.. FlushSchedules.All.Concat(FlushSchedules.Others).Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Workers_hold_as_many_activations_as_the_proof_says_and_release_them(string name)
    {
        using var run = new Run(ScheduleCatalog.Get(name), near: new ScheduleShape(3, 6, 7));
        var peaks = new int[run.Shape.Workers];
        // On the worker's own thread, with the forward that is about to run counted in.
        run.Model.BeforeLayer = layer =>
        {
            var worker = run.Program.WorkerOf(layer / 2);
            peaks[worker] = Math.Max(peaks[worker], run.Pipeline.HeldBy(worker));
        };

        run.Step();

        Assert.Equal(ScheduleCheck.Verify(run.Program).PeakInFlight, peaks);
        Assert.All(Enumerable.Range(0, run.Shape.Workers), worker => Assert.Equal(0, run.Pipeline.HeldBy(worker)));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_thousand_steps_leave_no_tensor_behind(string name)
    {
        using var run = new Run(ScheduleCatalog.Get(name), near: new ScheduleShape(2, 2, 2));
        for (var i = 0; i < 1000; i++) run.Step();
        run.AssertNothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Steps_and_faults_leave_no_tensor_behind(string name)
    {
        using var run = new Run(ScheduleCatalog.Get(name), near: new ScheduleShape(2, 4, 5));
        for (var failing = 0; failing < run.Forwards; failing += 5)
        {
            foreach (var spoil in new[] { false, true })
            {
                var calls = 0;
                run.Model.BeforeLayer = layer =>
                {
                    if (Interlocked.Increment(ref calls) != failing + 1) return;
                    if (!spoil) throw new FormatException();
                    run.Spoil(layer);
                };
                // Whether a backward meets what was spoilt is the schedule's affair; a forward that throws always fails.
                var failure = Record.Exception(() => run.Step());
                Assert.True(failure is PipelineException || (spoil && failure is null), $"{failing}: {failure}");
                run.AssertNothingIsLeft();
            }
        }

        run.Model.BeforeLayer = null;
        Assert.True(double.IsFinite(run.Step()));
        run.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("1F0 1F1 1B0 1B1", "1B0", "backward")]
    [InlineData("1F0 1F1 1I0 1I1 1W0 1W1", "1I0", "input gradient")]
    [InlineData("1F0 1I0 1F1 1I1 1W0 1W1", "1W0", "weight gradient")]
    public void A_fault_in_an_action_of_every_kind_names_it_and_leaves_nothing_behind(string program, string action, string work)
    {
        var first = program.Contains('B', StringComparison.Ordinal) ? "0F0 0F1 0B0 0B1" : "0F0 0F1 0I0 0I1 0W0 0W1";
        using var run = new Run(new FixedSchedule(ScheduleText.Parse($"{first}\n{program}", name: "Own")), near: new ScheduleShape(2, 2, 2));
        for (var i = 0; i < 3; i++)
        {
            var calls = 0;
            run.Model.BeforeLayer = layer =>
            {
                // Before the second forward of the second stage: what the first one saved is no longer what it was.
                if (layer == 2 && calls++ == 1) run.Spoil(layer);
            };
            var failure = Assert.Throws<PipelineException>(() => run.Step());
            Assert.Equal(action, failure.Action.ToString());
            Assert.Equal(1, failure.Worker);
            Assert.Contains($"{work} of stage 1 (layers.2, layers.3) failed on micro-batch 0", failure.Message, StringComparison.Ordinal);
            Assert.Contains("modified by an inplace operation", failure.InnerException!.Message, StringComparison.Ordinal);
            run.AssertNothingIsLeft();
            run.Model.BeforeLayer = null;
            run.Step();
            run.AssertNothingIsLeft();
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Cancelling_leaves_nothing_behind(string name)
    {
        using var run = new Run(ScheduleCatalog.Get(name), near: new ScheduleShape(2, 4, 5));
        foreach (var at in new[] { 1, 9, run.Forwards / 2 })
        {
            using var cancellation = new CancellationTokenSource();
            var calls = 0;
            run.Model.BeforeLayer = _ =>
            {
                if (Interlocked.Increment(ref calls) == at) cancellation.Cancel();
            };
            Assert.Throws<OperationCanceledException>(() => run.Step(cancellation.Token));
            run.AssertNothingIsLeft();
        }
    }

    /// <summary>A pipeline with two layers per stage that has run a step.</summary>
    private sealed class Run : IDisposable
    {
        private readonly DisposeScope scope = NewDisposeScope();
        private readonly Tensor x;
        private readonly Tensor y;
        private readonly long live;

        public Run(PipelineSchedule schedule, ScheduleShape near)
        {
            Shape = schedule.WhyNot(near) is null ? near : schedule.NearestShapes(near, 1)[0];
            Program = schedule.Build(Shape);
            Model = new PiecesNet([.. Enumerable.Range(0, Shape.Stages).SelectMany(_ => new Module<Tensor, Tensor>[] { Linear(4, 4), Tanh() })]);
            (x, y) = (randn((2 * Shape.MicroBatches) + 1, 4), randn((2 * Shape.MicroBatches) + 1, 4));
            Pipeline = (Pipeline<PiecesNet>)PipelineSdk.Pipeline.Create(Model, new PipelineOptions
            {
                Schedule = schedule,
                Stages = Shape.Stages,
                Workers = Shape.Workers,
                MicroBatches = Shape.MicroBatches,
                // Without a flush stages step within the run.
                Optimizer = Program.IsAsynchronous ? static parameters => optim.SGD(parameters, 0.01) : null,
            });
            Step();
            live = LiveTensors.Settled();
        }

        public ScheduleShape Shape { get; }

        public ScheduleProgram Program { get; }

        public PiecesNet Model { get; }

        public Pipeline<PiecesNet> Pipeline { get; }

        /// <summary>The forwards of all layers in a step.</summary>
        public int Forwards => Model.layers.Count * Shape.MicroBatches;

        /// <summary>A step.</summary>
        /// <returns>Its loss.</returns>
        public double Step(CancellationToken cancellation = default) => Pipeline.TrainStep(x, y, MSELoss(), cancellation).Loss;

        /// <summary>Changes a weight in place: libtorch refuses a backward that needs what it was.</summary>
        public void Spoil(int layer)
        {
            using var constant = no_grad();
            foreach (var parameter in Model.layers[layer].parameters()) parameter.add_(0);
        }

        public void AssertNothingIsLeft() => Assert.Equal(live, Tensor.TotalCount);

        public void Dispose()
        {
            Pipeline.Dispose();
            scope.Dispose();
        }
    }
}
