using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

/// <summary>The same seeds, numbers and steps as in PyTorch of the same libtorch.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class PythonTests
{
    [PythonFact]
    public void Layers_begin_with_the_same_values()
    {
        manual_seed(123);

        Exactly("linear", nn.Linear(4, 3).parameters());
        Exactly("conv2d", nn.Conv2d(4, 6, (3, 2), groups: 2).parameters());
        Exactly("conv1d", nn.Conv1d(2, 3, 4, bias: false).parameters());
        Exactly("embedding", [nn.Embedding(5, 3, padding_idx: 1).weight!]);
        using var tensor = zeros([6, 5]);
        Exactly(
            "kaiming_normal",
            [nn.init.kaiming_normal_(tensor, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU)]);
        Exactly("xavier_uniform", [nn.init.xavier_uniform_(tensor, gain: 2)]);
        Exactly("xavier_normal", [nn.init.xavier_normal_(tensor)]);
        Values.Close(PythonReference.Numbers("trunc_normal"), nn.init.trunc_normal_(tensor, 0.5, 2, -1, 1.5), 1e-6);
        Exactly("dropout", [nn.functional.dropout(ones([40]), 0.3)]);
        Exactly("dropout2d", [nn.functional.dropout2d(ones([2, 8, 2, 2]), 0.5)]);
    }

    [PythonFact]
    public void Sgd_with_a_cosine_schedule_and_clipping_takes_the_same_way()
        => Train(
            "sgd", model => optim.SGD(model.parameters(), 0.1, 0.9, weight_decay: 1e-3, nesterov: true),
            optimizer => optim.lr_scheduler.CosineAnnealingLR(optimizer, 4), clip: 0.5);

    [PythonFact]
    public void Adam_with_a_step_schedule_takes_the_same_way()
        => Train(
            "adam", model => optim.Adam(model.parameters(), 0.01, weight_decay: 1e-2, amsgrad: true),
            optimizer => optim.lr_scheduler.StepLR(optimizer, 2, 0.5));

    [PythonFact]
    public void AdamW_takes_the_same_way()
        => Train("adamw", model => optim.AdamW(model.parameters(), 0.01, weight_decay: 1e-2));

    [PythonFact]
    public void Images_are_resampled_to_the_same_values()
    {
        using var images = Values.Wave(1, 2, 3, 6, 6);
        using var rows = Values.Wave(1, 2, 3, 6);
        void Same(string name, Tensor actual) => Values.Close(PythonReference.Numbers("interpolate." + name), actual);

        Same("nearest", nn.Upsample(scale_factor: [2, 2]).forward(images));
        Same("size", nn.Upsample([4, 9]).forward(images));
        Same("bilinear", nn.functional.interpolate(images, null, [1.5, 1.5], InterpolationMode.Bilinear));
        Same("corners", nn.functional.interpolate(images, [3, 5], null, InterpolationMode.Bilinear, align_corners: true));
        Same("bicubic", nn.Upsample([7, 5], mode: UpsampleMode.Bicubic).forward(images));
        Same("linear", nn.Upsample(scale_factor: [2], mode: UpsampleMode.Linear).forward(rows));
        Assert.Throws<ArgumentException>(() => nn.functional.interpolate(images));
        Assert.Throws<NotSupportedException>(() => nn.functional.interpolate(rows, [2], mode: InterpolationMode.Bilinear));
    }

    private static void Train(
        string name, Func<nn.Module, optim.Optimizer> create, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler>? schedule = null,
        double clip = 0)
    {
        manual_seed(7);
        using var model = nn.Sequential(
            nn.Conv2d(2, 4, 3, padding: 1), nn.MaxPool2d(2), new ResidualBlock(4, 6, 2), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.LayerNorm(6), nn.Dropout(0.25), nn.Linear(6, 3)).@double();
        using var optimizer = create(model);
        var scheduler = schedule?.Invoke(optimizer);
        var losses = new List<double>();
        for (var step = 0; step < 6; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(
                model.call(Values.Wave(step, 4, 2, 8, 8)), Values.OfLongs([4], 0, 1, 2, step % 3), label_smoothing: 0.1);
            loss.backward();
            if (clip > 0) losses.Add(nn.utils.clip_grad_norm_(model.parameters(), clip));
            optimizer.step();
            scheduler?.step();
            losses.Add(Values.Single(loss));
        }

        Close(PythonReference.Numbers(name), losses, 1e-10);
        Assert.Equal(
            PythonReference.Names(name + ".names").Order(StringComparer.Ordinal), model.state_dict().Keys.Order(StringComparer.Ordinal));
        var state = model.state_dict();
        Close(
            PythonReference.Numbers(name + ".state"),
            [.. PythonReference.Names(name + ".names").SelectMany(key => Values.Read(state[key]))], 1e-8);
    }

    private static void Exactly(string name, IEnumerable<Tensor> tensors)
        => Close(PythonReference.Numbers(name), [.. tensors.SelectMany(Values.Read)], 0);

    private static void Close(double[] expected, List<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    /// <summary>The block of the residual networks, as users write it.</summary>
    private sealed class ResidualBlock : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential @short;

        public ResidualBlock(long input, long output, long stride) : base(nameof(ResidualBlock))
        {
            conv1 = nn.Conv2d(input, output, 3, stride, 1, bias: false);
            bn1 = nn.BatchNorm2d(output);
            conv2 = nn.Conv2d(output, output, 3, padding: 1, bias: false);
            bn2 = nn.BatchNorm2d(output);
            @short = nn.Sequential(nn.Conv2d(input, output, 1, stride, bias: false), nn.BatchNorm2d(output));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var inner = nn.functional.relu(bn1.call(conv1.call(input)));
            return nn.functional.relu(bn2.call(conv2.call(inner)) + @short.call(input));
        }
    }
}
