using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

/// <summary>Modules as users write them.</summary>
internal abstract class BaseModel(string name) : nn.Module<Tensor, Tensor>(name)
{
    private readonly Linear hidden = nn.Linear(2, 2);

    public Linear Hidden => hidden;
}

internal sealed class DerivedModel : BaseModel
{
    private readonly Linear own = nn.Linear(2, 3, hasBias: false);
    private readonly Parameter scale = nn.Parameter(Values.Of(2.0));
    private readonly Tensor mask = Values.Of(1.0, 0.0);
    private readonly List<nn.Module> forgotten = [nn.Linear(1, 1)];

    [ComponentName(Name = "named")]
    private readonly Linear renamed = nn.Linear(1, 1);

    public DerivedModel() : base(nameof(DerivedModel)) => RegisterComponents();

    public Tensor Mask => mask;

    public Parameter Scale => scale;

    public int Forgotten => forgotten.Count;

    public Linear Renamed => renamed;

    public override Tensor forward(Tensor input) => own.forward(Hidden.forward(input));
}

/// <summary>Registers nothing itself: its owner does.</summary>
internal sealed class LazyModel : nn.Module<Tensor, Tensor>
{
    private Linear? first = nn.Linear(1, 1);
    private Linear? late;

    public LazyModel() : base(nameof(LazyModel))
    {
    }

    public void Register() => RegisterComponents();

    public void AssignLate() => late = nn.Linear(1, 1);

    public void DropFirst() => first = null;

    public override Tensor forward(Tensor input) => late is null ? first!.forward(input) : late.forward(input);
}

internal sealed class Owner<T> : nn.Module<Tensor, Tensor> where T : nn.Module
{
    private readonly T child;

    public Owner(T child) : base("Owner")
    {
        this.child = child;
        RegisterComponents();
    }

    public T Child => child;

    public override Tensor forward(Tensor input) => ((nn.Module<Tensor, Tensor>)(nn.Module)child).call(input);
}

/// <summary>One parameter object in two modules.</summary>
internal sealed class Leaf : nn.Module<Tensor, Tensor>
{
    private readonly Parameter w;

    public Leaf(Parameter weight) : base(nameof(Leaf))
    {
        w = weight;
        RegisterComponents();
    }

    public Parameter W => w;

    public override Tensor forward(Tensor input) => Op.Call("aten::mul.Tensor", input, w);
}

internal sealed class Tied : nn.Module<Tensor, Tensor>
{
    private readonly Leaf a;
    private readonly Leaf b;

    public Tied(Parameter weight) : base(nameof(Tied))
    {
        a = new Leaf(weight);
        b = new Leaf(weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => b.forward(a.forward(input));
}

/// <summary>Applies a function; keeps what it gave.</summary>
internal sealed class Function(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>("Function")
{
    public Tensor? Last { get; private set; }

    public override Tensor forward(Tensor input) => Last = function(input);
}
