using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class StateTests
{
    private static MemoryStream Saved(nn.Module module, IList<string>? skip = null)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        module.save(writer, skip);
        stream.Position = 0;
        return stream;
    }

    [Fact]
    public void The_file_holds_count_then_name_type_shape_and_elements_of_each()
    {
        using var model = nn.Sequential(("fc", nn.Linear(2, 1)));
        Values.Set(model.get_parameter("fc.weight") ?? model.parameters().First(), 1, -2);
        Values.Set(model.parameters().Last(), 0.5);

        byte[] expected =
        [
            2,
            9, .. "fc.weight"u8, 6, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f),
            7, .. "fc.bias"u8, 6, 1, 1, .. BitConverter.GetBytes(0.5f),
        ];
        Assert.Equal(expected, Saved(model).ToArray());
    }

    [Fact]
    public void Counts_and_sizes_above_127_take_more_bytes()
    {
        using var model = nn.Sequential(Enumerable.Range(0, 150).Select(_ => nn.BatchNorm1d(300)));
        var bytes = Saved(model).ToArray();

        // 750 = 5·128 + 110, 300 = 2·128 + 44
        Assert.Equal([0xEE, 0x05, 8, .. "0.weight"u8, 6, 1, 0xAC, 0x02], bytes.Take(16 - 1));

        using var other = nn.Sequential(Enumerable.Range(0, 150).Select(_ => nn.BatchNorm1d(300)));
        foreach (var parameter in other.parameters()) nn.init.zeros_(parameter);
        other.load(new MemoryStream(bytes));
        foreach (var (left, right) in model.parameters().Zip(other.parameters())) Values.Same(left, right, 0);
    }

    [Fact]
    public void A_scalar_integer_has_no_sizes_and_eight_bytes()
    {
        using var model = nn.BatchNorm1d(1);
        using var input = zeros([2, 1]);
        model.forward(input).Dispose();

        byte[] tail = [19, .. "num_batches_tracked"u8, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(tail, Saved(model).ToArray()[^tail.Length..]);
    }

    [Fact]
    public void A_view_is_saved_in_row_order()
    {
        using var tensor = Op.Call("aten::t", Values.Of([2, 2], 1, 2, 3, 4));
        using var stream = new MemoryStream();
        tensor.Save(new BinaryWriter(stream));

        stream.Position = 0;
        using var read = TensorExtensionMethods.Load(new BinaryReader(stream));
        Values.Close([1, 3, 2, 4], read);
    }

    [Fact]
    public void What_was_saved_to_a_file_is_loaded_again()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var model = new Owner<TorchSharp.Modules.Sequential>(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)));
            using var other = new Owner<TorchSharp.Modules.Sequential>(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)));
            using var input = Values.Wave(1, 2, 2, 4, 4);
            model.to(ScalarType.Float64).call(input).Dispose();
            other.to(ScalarType.Float64);

            model.save(file);
            Assert.Same(other, other.load(file));

            Assert.Equal(model.state_dict().Keys, other.state_dict().Keys);
            foreach (var (key, value) in model.state_dict()) Values.Same(value, other.state_dict()[key], 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Loading_into_another_architecture_says_what_differs()
    {
        using var saved = nn.Linear(2, 1);
        var bytes = Saved(saved).ToArray();

        using var bare = nn.Linear(2, 1, hasBias: false);
        Assert.Contains("expected 1, but found 2", Assert.Throws<ArgumentException>(() => bare.load(new MemoryStream(bytes))).Message);
        using var named = nn.Sequential(("fc", nn.Linear(2, 1)));
        Assert.Contains("'weight'", Assert.Throws<ArgumentException>(() => named.load(new MemoryStream(bytes))).Message);
        using var wide = nn.Linear(3, 1);
        Assert.Contains("[1, 2]", Assert.Throws<ArgumentException>(() => wide.load(new MemoryStream(bytes))).Message);
        using var fine = nn.Linear(2, 1, dtype: ScalarType.Float64);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => fine.load(new MemoryStream(bytes))).Message);
        Assert.Throws<FileNotFoundException>(() => saved.load("no such file"));
    }

    [Fact]
    public void Loading_without_strictness_takes_what_fits_and_reports_the_names()
    {
        using var saved = nn.Linear(2, 1);
        using var target = nn.Linear(2, 1, hasBias: false);
        var names = new Dictionary<string, bool>();

        target.load(Saved(saved), strict: false, loadedParameters: names);

        Values.Same(saved.weight, target.weight, 0);
        Assert.Equal([new("weight", true), new("bias", false)], names);
    }

    [Fact]
    public void Skipped_names_keep_their_values()
    {
        using var saved = nn.Linear(2, 1);
        using var target = nn.Linear(2, 1);
        Values.Set(target.bias!, 42);

        target.load(Saved(saved), skip: ["bias"]);
        Assert.Equal(42, Values.Single(target.bias!));
        Values.Same(saved.weight, target.weight, 0);

        Assert.Equal(1, Saved(saved, skip: ["bias"]).ReadByte());
    }

    [Fact]
    public void A_file_that_ends_too_early_leaves_the_tensor_it_ends_in_as_it_was()
    {
        using var model = nn.Linear(2, 1);
        var bytes = Saved(model).ToArray();
        using var target = nn.Linear(2, 1);
        Values.Set(target.bias!, 42);

        Assert.Throws<EndOfStreamException>(() => target.load(new MemoryStream(bytes[..^1])));
        Assert.Equal(42, Values.Single(target.bias!));
        Assert.Throws<InvalidDataException>(() => TensorExtensionMethods.Load(new BinaryReader(new MemoryStream([99, 1, 1]))));
    }

    [Fact]
    public void A_state_dictionary_is_copied_into_the_tensors()
    {
        using var model = nn.Linear(2, 1);
        using var target = nn.Linear(2, 1);

        var (missing, unexpected) = target.load_state_dict(model.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Values.Same(model.weight, target.weight, 0);
        Assert.NotEqual(model.weight.Handle, target.weight.Handle);
        Assert.True(target.weight.is_leaf);
    }

    [Fact]
    public void Missing_and_unexpected_names_are_refused_or_reported()
    {
        using var model = nn.Linear(2, 1);
        var state = model.state_dict();
        state.Remove("bias");
        state["extra"] = model.weight;

        Assert.Throws<InvalidOperationException>(() => model.load_state_dict(state));
        var (missing, unexpected) = model.load_state_dict(state, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        model.load_state_dict(state, skip: ["bias", "extra"]);
    }
}
