using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Tests.Models;
using PipelineSdk.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>
/// What travels between stages on different devices. The meta device stands for one that is not the CPU; since its tensors have no values, nothing comes back from it.
/// </summary>
public sealed class DeviceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    [Fact]
    public void What_crosses_to_another_device_is_moved_there()
    {
        using var model = new HandCutNet();
        var seen = new List<bool>();
        model.InStage2 = value => seen.Add(value.is_meta);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, Devices = [CPU, CPU, META, META] });
        using var outputs = pipeline.Forward(randn(6, 6));
        Assert.Equal([true, true], seen);
        Assert.True(outputs.is_meta);
        Assert.Equal([6, 3], outputs.shape);
    }

    [Fact]
    public void Inputs_go_to_the_first_device_and_targets_to_the_last()
    {
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4)) { Pins = [0, 1] };
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [META, META] });
        using var outputs = pipeline.Forward(randn(4, 4));
        Assert.True(outputs.is_meta);

        var devices = new StageDevices("Net", [("a", []), ("b", [])], [CPU, META], synchronizedTiming: false);
        var splitter = new BatchSplitter("Net", PiecesNet.Blueprint.Inputs, new PipelineOptions { MicroBatches = 2 });
        using var batch = splitter.Split(PiecesNet.Blueprint.BindInputs(randn(4, 4)), [randn(4, 1).requires_grad_()], train: true, devices);
        Assert.All(batch.Targets, static targets => Assert.True(targets[0].is_meta));
        Assert.All(batch.Targets, static targets => Assert.True(targets[0].requires_grad && !targets[0].is_leaf, "What computes the targets gets its gradient."));
        Assert.All(batch.Inputs, input => Assert.False(BoundaryTensors.List(input!)[0]!.is_meta));
    }

    [Fact]
    public void A_forward_over_two_devices_leaves_nothing_behind()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, Devices = [CPU, META, META, META] });
        using var x = randn(6, 6);
        pipeline.Forward(x).Dispose();
        var live = LiveTensors.Settled();
        for (var i = 0; i < 5; i++) pipeline.Forward(x).Dispose();
        Assert.Equal(live, LiveTensors.Settled());
    }

    [Fact]
    public void Named_or_not_the_CPU_gives_the_same_bits()
    {
        using var model = new HandCutNet();
        using var x = randn(8, 6);
        using var y = randn(8, 3);
        var (loss, gradients) = Step(model, new PipelineOptions(), x, y);
        var (again, same) = Step(model, new PipelineOptions { Devices = [CPU, CPU, CPU, CPU], SynchronizedTiming = true }, x, y);
        Assert.Equal(loss, again);
        Assert.Equal(gradients, same);
    }

    [Fact]
    public void On_one_device_nothing_is_looked_at()
    {
        Assert.Null(DeviceMove.Between(CPU, new Device("cpu")));
        var asBefore = new StageDevices("Net", [("a", []), ("b", [])], null, synchronizedTiming: true);
        Assert.All(asBefore.Stages, static stage => Assert.Equal((null, false), (stage.Arrivals, stage.IsWaitedFor)));
        Assert.Null(asBefore.Targets);
    }

    [Fact]
    public void What_is_there_already_stays_the_same_object()
    {
        var x = randn(3, 4);
        var boundary = PiecesNet.Blueprint.BindInputs(x);
        DeviceMove.Between(null, CPU)!.Move(boundary);
        Assert.Same(x, BoundaryTensors.List(boundary)[0]);
        Assert.Same(x, DeviceMove.Between(null, CPU)!.Move(x));
        Assert.Same(x, SameDevice.Beside(x, ones(1)));
    }

    [Fact]
    public void What_a_stage_has_put_elsewhere_stays_there()
    {
        var lengths = tensor(new long[] { 3, 2 });
        var boundary = PiecesNet.Blueprint.BindInputs(lengths);
        DeviceMove.Between(META, new Device(DeviceType.CUDA, 0))!.Move(boundary);
        Assert.Same(lengths, BoundaryTensors.List(boundary)[0]);
    }

    [Fact]
    public void One_tensor_under_two_names_is_moved_once_and_a_leaf_stays_a_leaf()
    {
        using var model = new HandCutNet();
        var first = BlueprintOf<HandCutNet>().Segments[0];
        var output = first.CreateOutput();
        first.Forward(model, BlueprintOf<HandCutNet>().BindInputs(randn(2, 6)), output);
        var sent = BoundaryTensors.List(output)[0]!.detach().requires_grad_();
        output.VisitTensors(new Replace(sent));
        DeviceMove.Between(CPU, META)!.Move(output);
        var received = BoundaryTensors.List(output);
        Assert.Same(received[0], received[1]);
        Assert.True(received[0]!.is_meta && received[0]!.requires_grad && received[0]!.is_leaf);
        Assert.Null(received[2]);
        Assert.True(sent.IsInvalid);
    }

    [Fact]
    public void A_move_that_fails_disposes_what_was_received()
    {
        var x = ones(2, device: META);
        var boundary = PiecesNet.Blueprint.BindInputs(x);
        // Values that there are not can't be copied.
        Assert.ThrowsAny<Exception>(() => DeviceMove.Between(META, CPU)!.Move(boundary));
        Assert.True(x.IsInvalid);
        Assert.Null(BoundaryTensors.List(boundary)[0]);
    }

    [Fact]
    public void A_gradient_is_moved_to_what_it_is_the_gradient_of()
    {
        using var model = new PiecesNet(Linear(4, 4));
        model.to(META);
        var runner = new StageRunner<PiecesNet>(
            new Stage<PiecesNet>(0, model, PiecesNet.Blueprint.SegmentsOf(model)), new StageDevice(META, DeviceMove.Between(CPU, META), IsWaitedFor: false));
        runner.Prepare(1);
        using (set_grad_enabled(true))
        {
            var input = PiecesNet.Blueprint.BindInputs(randn(2, 4).DetachFromDisposeScope().requires_grad_());
            using var scope = new ActionScope();
            BoundaryTensors.Dispose(runner.Forward(scope, 0, input, keepGraph: true, out _));
            var handedBack = runner.Backward(scope, 0, [ones(2, 4).DetachFromDisposeScope()]);
            Assert.True(handedBack.Single()!.is_meta);
            MicroBatchState.ReleaseAll(handedBack);
        }

        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad!.is_meta));
    }

    [Fact]
    public void A_gradient_of_an_input_goes_back_to_where_the_input_was()
    {
        var x = ones(2, 4, device: META).requires_grad_();
        using var batch = new MicroBatches([2]);
        batch.InputSlices.Add((0, 0, x.alias().DetachFromDisposeScope()));
        batch.InputGradients[0] = [ones(2, 4).DetachFromDisposeScope()];
        batch.BackwardToInputs();
        Assert.True(x.grad!.is_meta);
    }

    [Fact]
    public void Gradients_are_scaled_on_their_own_device()
    {
        var parameter = new Parameter(zeros(3, device: META)) { grad = ones(3, device: META) };
        var optimizer = new WorkerOptimizer(static parameters => optim.SGD(parameters, 0.1), [("w", parameter)], 0);
        optimizer.ScaleGradients(ones(1));
        Assert.True(parameter.grad.is_meta);
    }

    [Fact]
    public void Metrics_get_targets_beside_outputs()
    {
        var totals = new EvaluationTotals([new EvaluationMetric("meta", static (_, targets) => targets.is_meta ? 1 : 0)]);
        var result = new EvaluationResult(0, 2, zeros(2, device: META), null!);
        Assert.Equal(1, totals.Add(result, ones(2)).Metrics["meta"]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void One_weight_shows_what_is_written_to_it_under_another_name_and_keeps_its_values(double value)
    {
        var first = new Parameter(full([2, 2], value)[1]);
        var alias = new Parameter(first.detach());
        var other = new Parameter(first.detach().clone());
        var before = first.detach().bytes.ToArray();
        Assert.True(WeightStorage.ShowWrites(first, alias));
        Assert.False(WeightStorage.ShowWrites(first, other));
        Assert.Equal(before, first.detach().bytes.ToArray());
    }

    [Fact]
    public void Timelines_name_the_device_of_each_stage()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, CPU, META, META], SynchronizedTiming = true });
        pipeline.Forward(randn(4, 6)).Dispose();
        var step = pipeline.LastStep!;
        Assert.Equal(("cpu, meta", "cpu", "meta"), (step.Device, step.DeviceOf(1), step.DeviceOf(2)));
        Assert.Equal(("host", "host"), (step.TimingOf(1), step.TimingOf(2)));
    }

    [Fact]
    public void Synchronized_timing_waits_for_CUDA_alone()
    {
        Device[] devices = [CPU, new Device(DeviceType.CUDA, 1)];
        var stages = new StageDevices("Net", [("a", []), ("b", [])], devices, synchronizedTiming: true).Stages;
        Assert.Equal([false, true], stages.Select(stage => stage.IsWaitedFor));
        Assert.Equal(["cpu", "cuda:1"], stages.Select(stage => stage.Name));
    }

    [Fact]
    public void Devices_are_compared_by_the_names_that_tensors_have_for_theirs()
    {
        var named = ModelPlacement.Numbered([new Device(DeviceType.CUDA), new Device(DeviceType.CUDA, 2), new Device("cpu:0")]);
        Assert.Equal([0, 2, ones(1).device_index], named.Select(device => device.index));
    }

    public void Dispose() => scope.Dispose();

    private static PipelineBlueprint<TModel> BlueprintOf<TModel>()
        where TModel : nn.Module, IPipelineModel<TModel>
        => TModel.Blueprint;

    private static (double Loss, List<byte[]> Gradients) Step(HandCutNet model, PipelineOptions options, Tensor x, Tensor y)
    {
        using var pipeline = Pipeline.Create(model, options);
        model.zero_grad();
        using var loss = MSELoss();
        var result = pipeline.TrainStep(x, y, loss);
        return (result.Loss, [.. model.parameters().Select(parameter => parameter.grad!.bytes.ToArray())]);
    }

    private sealed class Replace(Tensor by) : ITensorVisitor
    {
        public void Visit(int slot, ref Tensor? tensor) => tensor = tensor is null ? null : by;
    }
}
