using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>VGG as the examples have it: features in a Sequential that the field does not show, made from a list.</summary>
[Pipeline]
public sealed partial class AbstractSequential : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> layers;

    public AbstractSequential()
        : base(nameof(AbstractSequential))
    {
        var modules = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv1", Conv2d(3, 4, 3, padding: 1)), ("relu1", ReLU()), ("pool", MaxPool2d(2)),
            ("flatten", Flatten()), ("classifier", Linear(4 * 3 * 3, 3)),
        };
        layers = Sequential(modules);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.forward(input);
}

/// <summary>Counts on fields that do not show what they hold; one of them is a class of its own, which is one element.</summary>
[Pipeline]
public sealed partial class AbstractSequentialCounts : Module<Tensor, Tensor>
{
    [PipelineStages(2, 1)] private readonly Module<Tensor, Tensor> encoder;
    [PipelineStages(1, 2, FirstStage = 1)] private readonly IModule<Tensor, Tensor> decoder;
    private readonly Module<Tensor, Tensor> tail;

    public AbstractSequentialCounts()
        : base(nameof(AbstractSequentialCounts))
    {
        var second = Sequential(Linear(4, 5), Tanh(), new Doubling());
        register_module("second", second);
        encoder = Sequential(("a", Linear(6, 5)), ("b", ReLU()), ("c", Linear(5, 4)));
        decoder = second;
        tail = new Doubling();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var code = encoder.call(input);
        return tail.forward(decoder.call(code) + input.sum());
    }

    private sealed class Doubling : Sequential
    {
        public Doubling()
            : base(Linear(5, 5), ReLU())
        {
        }

        public override Tensor forward(Tensor tensor) => base.forward(tensor) * 2;
    }
}

/// <summary>A class derived from Sequential is one piece, however many children it has.</summary>
[Pipeline]
public sealed partial class AbstractSequentialDerived : Module<Tensor, Tensor>
{
    private readonly Sequential stack;
    private readonly Linear head = Linear(6, 2);

    public AbstractSequentialDerived()
        : base(nameof(AbstractSequentialDerived))
    {
        stack = new Skipping();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => head.forward(stack.forward(input));

    private sealed class Skipping : Sequential
    {
        public Skipping()
            : base(Linear(6, 6), Tanh(), Linear(6, 6))
        {
        }

        public override Tensor forward(Tensor tensor) => base.forward(tensor) + tensor;
    }
}

internal static partial class Samples
{
    public static CorpusCase AbstractSequential => CorpusCase.Of(
        () => new AbstractSequential(), n => randn(n, 3, 6, 6), n => randint(0, 3, [n]), Losses.CrossEntropy);

    public static CorpusCase AbstractSequentialCounts => CorpusCase.Of(() => new AbstractSequentialCounts(), n => randn(n, 6), n => randn(n, 5));

    public static CorpusCase AbstractSequentialDerived => CorpusCase.Of(() => new AbstractSequentialDerived(), n => randn(n, 6), n => randn(n, 2));
}
