using Microsoft.Extensions.Options;
using PipelineSdk.Execution;
using PipelineSdk.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>
/// Which device a stage's members come to lie on. Libtorch's meta device stands for one that is not the CPU: it has tensors without values, everywhere.
/// </summary>
public sealed class PlacementTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    [Fact]
    public void Layers_lie_on_the_devices_that_the_options_name()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, CPU, META, META] });
        Assert.Equal(["cpu", "cpu", "meta", "meta"], model.named_children().Select(child => DeviceOf(child.module)));
    }

    [Fact]
    public void Members_of_the_model_itself_are_moved_in_their_fields_and_in_the_register()
    {
        using var model = new OwnMembersNet();
        model.scale.grad = ones(4);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, META] });
        Assert.True(model.scale.is_meta && model.scale.requires_grad && model.scale.is_leaf);
        Assert.True(model.scale.grad!.is_meta);
        Assert.True(model.shift.is_meta);
        Assert.Same(model.scale, model.get_parameter("scale"));
        Assert.Same(model.shift, model.named_buffers().Single().buffer);
        Assert.Equal("cpu", DeviceOf(model.first));
    }

    [Fact]
    public void What_is_on_its_device_stays_the_same_object()
    {
        using var model = new OwnMembersNet();
        var before = model.parameters().Concat(model.buffers()).ToList();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, CPU] });
        Assert.Equal(before, model.parameters().Concat(model.buffers()), ReferenceEqualityComparer.Instance);
    }

    [Fact]
    public void A_block_that_believes_to_be_there_is_moved_where_its_layers_are_not()
    {
        var inside = Linear(4, 4);
        var block = new PiecesNet(inside);
        using var model = new PiecesNet(Linear(4, 4), block) { Pins = [0, 1] };
        block.to(META);
        inside.weight = new Parameter(zeros(4, 4));
        Assert.Equal("cpu", block.to(META).layers[0].parameters().First().device.ToString());
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, META] });
        Assert.Equal("meta", DeviceOf(inside));
    }

    [Fact]
    public void The_optimizer_gets_the_parameters_that_were_moved()
    {
        var devices = new List<string>();
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions
        {
            Devices = [CPU, CPU, CPU, META],
            Optimizer = parameters =>
            {
                devices.AddRange(parameters.Select(entry => entry.parameter.device.ToString()!).Distinct());
                return optim.SGD(parameters, 0.1);
            },
        });
        Assert.Equal(["cpu", "cpu", "cpu", "meta"], devices);
    }

    [Fact]
    public void A_pipeline_whose_model_another_has_moved_says_so()
    {
        using var model = new HandCutNet();
        using var first = Pipeline.Create(model);
        using var second = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, CPU, META, META] });
        var error = Assert.Throws<ObjectDisposedException>(() => first.Forward(zeros(4, 6)));
        Assert.Contains("Parameter 'c.weight' of HandCutNet is gone: the model was disposed, or moved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_placed_by_hand_is_left_where_it_is()
    {
        using var model = new HandCutNet();
        foreach (var (name, child) in model.named_children())
        {
            if (name is "c" or "d") child.to(META);
        }

        using var pipeline = Pipeline.Create(model);
        Assert.True(pipeline.Forward(zeros(4, 6)).is_meta);
        Assert.Equal(["cpu", "cpu", "meta", "meta"], pipeline.LastStep!.StageDevices);
    }

    [Fact]
    public void A_stage_on_two_devices_is_refused()
    {
        using var model = new HandCutNet();
        model.named_children().Last().module.to(META);
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 2 }));
        Assert.Contains("Parameter 'c.weight' of HandCutNet is on cpu, but 'd.weight' is on meta, and both belong to the stage 'c, d'", error.Message, StringComparison.Ordinal);
        using var moved = Pipeline.Create(model, new PipelineOptions { Stages = 2, Devices = [CPU, META] });
        Assert.True(moved.Forward(zeros(4, 6)).is_meta);
    }

    [Fact]
    public void As_many_devices_as_stages() => Refused<ArgumentException>(
        new HandCutNet(), [CPU, META], "PipelineOptions.Devices names 2 device(s), but HandCutNet runs in 4 stage(s) (a | b | c | d)");

    [Fact]
    public void A_device_that_is_not_there() => Refused<ArgumentException>(
        new HandCutNet(), [CPU, CPU, CPU, new Device(DeviceType.CUDA, 64)], "PipelineOptions.Devices[3] is cuda:64, but libtorch sees ");

    [Fact]
    public void A_device_that_is_null() => Refused<OptionsValidationException>(
        new HandCutNet(), [CPU, null!, CPU, CPU], "PipelineOptions.Devices has null for stage 1");

    [Fact]
    public void A_buffer_of_two_stages_on_two_devices()
    {
        var norm = BatchNorm1d(4, affine: false);
        Refused<ArgumentException>(
            new PiecesNet(norm, Linear(4, 4), norm) { Pins = [0, 1, 2] }, [CPU, CPU, META],
            "'layers.2.running_mean' of PiecesNet is used by the stages 'layers.0' on cpu and 'layers.2' on meta");
    }

    [Fact]
    public void A_tied_weight_that_would_be_moved()
    {
        Refused<ArgumentException>(new TiedNet(), [CPU, CPU, CPU, META], "PipelineOptions.Devices would move 'decoder.weight' of TiedNet from cpu to meta.", stages: 4);
        using var model = new TiedNet();
        using var stays = Pipeline.Create(model, new PipelineOptions { Stages = 2, Devices = [CPU, CPU] });
    }

    [Fact]
    public void A_tied_weight_on_two_devices_by_hand()
    {
        using var model = new TiedNet();
        model.named_children().Single(child => child.name == "decoder").module.to(META);
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 2 }));
        Assert.Contains("'encoder.weight' of TiedNet is on cpu and 'decoder.weight' on meta, but one weight is on one device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_no_field_holds()
    {
        using var model = new HandCutNet();
        var error = Assert.Throws<NotSupportedException>(() => OwnTensor.Move(model, "lost", ones(3), META));
        Assert.Contains("'lost' can't be moved from cpu to meta: no field of HandCutNet holds it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_moves_nothing()
    {
        using var model = new TiedNet();
        Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 4, Devices = [META, META, META, META] }));
        Assert.All(model.parameters(), parameter => Assert.False(parameter.is_meta));
    }

    [Fact]
    public void A_dropout_that_would_run_again_on_another_device()
    {
        using var model = new PiecesNet(Linear(4, 4), Dropout(0.5)) { Pins = [0, 1] };
        var options = new PipelineOptions { Devices = [CPU, META], Recompute = ActivationRecompute.Always };
        var error = Assert.Throws<NotSupportedException>(() => Pipeline.Create(model, options));
        Assert.Contains("PipelineOptions.Recompute runs the forward of stage 1 (layers.1) again, but on meta its layer 'layers.1' would drop out other values", error.Message, StringComparison.Ordinal);
        options.RecomputeOfStage[1] = ActivationRecompute.Never;
        using var pipeline = Pipeline.Create(model, options);
    }

    [Fact]
    public void Recompute_on_another_device_is_logged_since_its_draws_can_not_be_seen()
    {
        var log = new LogLines();
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4)) { Pins = [0, 1] };
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Devices = [CPU, META], Recompute = ActivationRecompute.Always }, log);
        Assert.Single(log.Lines, line => line.Contains("stage 1 (layers.1) runs its forward again on meta, where random numbers can't be repeated", StringComparison.Ordinal));
    }

    public void Dispose() => scope.Dispose();

    private static string DeviceOf(nn.Module module) => Assert.Single(module.parameters().Select(parameter => parameter.device.ToString()!).Distinct());

    private static void Refused<TException>(nn.Module model, IReadOnlyList<Device> devices, string message, int? stages = null)
        where TException : Exception
    {
        using (model)
        {
            var options = new PipelineOptions { Devices = devices, Stages = stages };
            var error = Assert.Throws<TException>(() => _ = model switch
            {
                HandCutNet net => (IDisposable)Pipeline.Create(net, options),
                PiecesNet net => Pipeline.Create(net, options),
                _ => Pipeline.Create((TiedNet)model, options),
            });
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }
}
