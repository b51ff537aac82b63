using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Checkpoints;

/// <summary>The file: plain TorchSharp reads it, damage is seen, and what does not fit changes nothing.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private readonly CheckpointFolder folder = new();
    private readonly HandCutNet model = new();
    private readonly IPipeline<HandCutNet> pipeline;
    private readonly optim.Optimizer optimizer;

    public CheckpointFileTests()
    {
        pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        optimizer = optim.Adam(model.parameters());
        using var scope = NewDisposeScope();
        pipeline.TrainStep(randn(4, 6), randn(4, 3), MSELoss());
        optimizer.step();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        pipeline.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void It_begins_as_model_save_writes_and_model_load_reads_it()
    {
        pipeline.SaveCheckpoint(folder.File, optimizer);
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, System.Text.Encoding.UTF8, leaveOpen: true)) model.save(writer);
        Assert.Equal(plain.ToArray(), File.ReadAllBytes(folder.File)[..(int)plain.Length]);

        using var other = new HandCutNet();
        other.load(folder.File);
        AssertSame(Copy(model), other);
    }

    [Fact]
    public void Any_byte_that_changes_is_seen_and_nothing_else_changes()
    {
        pipeline.SaveCheckpoint(folder.File, optimizer);
        var whole = File.ReadAllBytes(folder.File);
        var before = Copy(model);
        var other = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        for (var place = 0; place < whole.Length; place += 61)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 1;
            File.WriteAllBytes(folder.File, damaged);
            Refused(other, "damaged", "no checkpoint of a pipeline");
        }

        for (var length = 0; length < whole.Length; length += 173)
        {
            File.WriteAllBytes(folder.File, whole[..length]);
            Refused(other, "damaged", "no checkpoint of a pipeline");
        }

        File.WriteAllBytes(folder.File, [.. whole, 0]);
        Refused(other, "no checkpoint of a pipeline");
        AssertSame(before, model);
        File.WriteAllBytes(folder.File, whole);
        other.LoadCheckpoint(folder.File, optimizer);
        other.Dispose();
    }

    [Fact]
    public void A_file_of_model_save_is_told_from_a_checkpoint()
    {
        model.save(folder.File);
        Refused(pipeline, "What model.save has written is read by model.load.");
        Assert.Throws<CheckpointException>(() => PipelineCheckpoint.Read(folder.File));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        pipeline.SaveCheckpoint(folder.File, optimizer);
        using var scope = NewDisposeScope();
        using var other = new PiecesNet(Linear(4, 4), Linear(4, 4));
        using var otherPipeline = Pipeline.Create(other, new PipelineOptions { Stages = 2 });
        var before = Copy(other);
        using var adam = optim.Adam(other.parameters());
        Assert.Contains("The checkpoint is of another model. It has 'a.weight'", Assert.Throws<CheckpointException>(() => otherPipeline.LoadCheckpoint(folder.File, adam)).Message, StringComparison.Ordinal);
        AssertSame(before, other);

        using var sgd = optim.SGD(model.parameters(), 0.1);
        Named("It keeps the state of Adam, but the optimizer is SGD.", sgd);
        Named("It keeps the state of Adam, but there is no optimizer to take it.", null);
        using var part = optim.Adam(model.parameters().Take(3));
        Named("It keeps the state of 'b.bias', which the optimizer has not.", part);
        pipeline.SaveCheckpoint(folder.File, part);
        Named("It keeps no state of 'b.bias', which the optimizer has.", optimizer);
        pipeline.SaveCheckpoint(folder.File);
        Named("It keeps no state of an optimizer, but there is Adam.", optimizer);

        void Named(string message, optim.Optimizer? into)
            => Assert.Contains(message, Assert.Throws<CheckpointException>(() => pipeline.LoadCheckpoint(folder.File, into)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_had_different_settings_can_not_share_a_group()
    {
        using var scope = NewDisposeScope();
        var parameters = model.parameters().ToList();
        using var grouped = optim.SGD([new TorchSharp.Modules.SGD.ParamGroup(parameters.Take(2), lr: 0.5), new TorchSharp.Modules.SGD.ParamGroup(parameters.Skip(2), lr: 0.1)], 0.1);
        pipeline.SaveCheckpoint(folder.File, grouped);
        using var single = optim.SGD(parameters, 0.1);
        Assert.Contains("'a.weight' and 'b.weight' are in one parameter group, but had different settings.", Assert.Throws<CheckpointException>(() => pipeline.LoadCheckpoint(folder.File, single)).Message, StringComparison.Ordinal);
        pipeline.LoadCheckpoint(folder.File, grouped);
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_refused()
    {
        using var scope = NewDisposeScope();
        using var own = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, AccumulationSteps = 2, Optimizer = static parameters => optim.SGD(parameters, 0.1) });
        Assert.Contains("give none", Assert.Throws<ArgumentException>(() => own.SaveCheckpoint(folder.File, optimizer)).Message, StringComparison.Ordinal);
        using var foreign = Linear(3, 3);
        using var strange = optim.SGD(foreign.parameters(), 0.1);
        Assert.Contains("that HandCutNet has not", Assert.Throws<ArgumentException>(() => pipeline.SaveCheckpoint(folder.File, strange)).Message, StringComparison.Ordinal);

        own.TrainStep(randn(4, 6), randn(4, 3), MSELoss());
        Assert.Contains("accumulated the gradients of 1 of 2 steps", Assert.Throws<InvalidOperationException>(() => own.SaveCheckpoint(folder.File)).Message, StringComparison.Ordinal);
        own.TrainStep(randn(4, 6), randn(4, 3), MSELoss());
        own.SaveCheckpoint(folder.File);
        Assert.Equal(2, PipelineCheckpoint.Read(folder.File).Step);
        Assert.Throws<FileNotFoundException>(() => pipeline.LoadCheckpoint(folder.File + "x", optimizer));
    }

    [Fact]
    public void Not_while_a_step_runs()
    {
        using var scope = NewDisposeScope();
        Exception? error = null;
        pipeline.TrainStep(randn(4, 6), randn(4, 3), (output, target) =>
        {
            error ??= Record.Exception(() => pipeline.SaveCheckpoint(folder.File, optimizer));
            return functional.mse_loss(output, target);
        });
        Assert.IsType<InvalidOperationException>(error);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_file_that_was_there_and_nothing_beside_it()
    {
        pipeline.SaveCheckpoint(folder.File, optimizer, new Dictionary<string, string> { ["n"] = "1" });
        var error = Assert.ThrowsAny<Exception>(() => pipeline.SaveCheckpoint(folder.File, optimizer, new BrokenNotes()));
        Assert.Contains("The disk is full.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", PipelineCheckpoint.Read(folder.File).Notes["n"]);
        Assert.Equal(["net.ckpt"], folder.Files);
        Assert.Throws<IOException>(() => pipeline.SaveCheckpoint(Path.GetDirectoryName(folder.File)!, optimizer));
    }

    [Fact]
    public void Saving_and_loading_leave_no_tensors_behind()
    {
        pipeline.SaveCheckpoint(folder.File, optimizer);
        pipeline.LoadCheckpoint(folder.File, optimizer);
        var live = LiveTensors.Settled();
        pipeline.SaveCheckpoint(folder.File, optimizer);
        pipeline.LoadCheckpoint(folder.File, optimizer);
        Assert.Equal(live, LiveTensors.Settled());
    }

    /// <summary>Fails when the header is written, behind the model.</summary>
    private sealed class BrokenNotes : IReadOnlyDictionary<string, string>
    {
        public int Count => 1;

        public IEnumerable<string> Keys => throw Full();

        public IEnumerable<string> Values => throw Full();

        public string this[string key] => throw Full();

        public bool ContainsKey(string key) => throw Full();

        public bool TryGetValue(string key, out string value) => throw Full();

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => throw Full();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw Full();

        private static IOException Full() => new("The disk is full.");
    }

    private void Refused(IPipeline<HandCutNet> target, params string[] messages)
    {
        var error = Assert.Throws<CheckpointException>(() => target.LoadCheckpoint(folder.File, optimizer));
        Assert.StartsWith(folder.File, error.Message, StringComparison.Ordinal);
        Assert.True(messages.Any(message => error.Message.Contains(message, StringComparison.Ordinal)), error.Message);
    }

    private static Dictionary<string, Tensor> Copy(nn.Module of) => of.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

    private static void AssertSame(Dictionary<string, Tensor> expected, nn.Module actual)
    {
        var other = actual.state_dict();
        Assert.All(expected, entry => Assert.True(entry.Value.Equals(other[entry.Key]), entry.Key));
        foreach (var (_, tensor) in expected) tensor.Dispose();
    }
}
