using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent with momentum (Sutskever et al. 2013, in PyTorch's form), Nesterov's variant and weight decay.
/// </summary>
public class SGD : OptimizerHelper, IMomentum
{
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (momentum < 0) throw new ArgumentException($"Invalid momentum value: {momentum}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");

        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var defaults = (Options)_defaults;
        param_group.Options ??= new Options();
        var options = (Options)param_group.Options;
        options.LearningRate ??= defaults.LearningRate;
        options.momentum ??= defaults.momentum;
        options.dampening ??= defaults.dampening;
        options.weight_decay ??= defaults.weight_decay;
        options.nesterov ??= defaults.nesterov;
        options.maximize ??= defaults.maximize;
        AddGroup(param_group, parameter => new State(parameter));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) DisposeStates();
        base.Dispose(disposing);
    }

    private void Step(ParamGroup group)
    {
        var options = group.Options;
        var (momentum, decay) = (options.momentum!.Value, options.weight_decay!.Value);
        var rate = options.maximize!.Value ? options.LearningRate!.Value : -options.LearningRate!.Value;

        foreach (var parameter in group.Parameters)
        {
            var state = (State)_state[parameter.Handle];
            var step = parameter.grad;
            if (step is null) continue;

            if (decay != 0) step = Op.Call("aten::add.Tensor", step, parameter, decay);
            if (momentum != 0)
            {
                if (state.momentum_buffer is not { } buffer)
                {
                    state.momentum_buffer = buffer = Op.Call("aten::clone", step).DetachFromDisposeScope();
                }
                else
                {
                    Op.Run("aten::mul_.Scalar", buffer, momentum);
                    Op.Run("aten::add_.Tensor", buffer, step, 1 - options.dampening!.Value);
                }

                step = options.nesterov!.Value ? Op.Call("aten::add.Tensor", step, buffer, momentum) : buffer;
            }

            Op.Run("aten::add_.Tensor", parameter, step, rate);
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public Tensor? momentum_buffer;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null;
        }

        public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);

        public override void LoadStateDict(BinaryReader reader)
            => LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);

        public override void LoadStateDict(OptimizerState source)
            => Replace(ref momentum_buffer, ((State)source).momentum_buffer);

        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State same && Close(momentum_buffer, same.momentum_buffer);

        public override void to(Device device) => momentum_buffer = Moved(momentum_buffer, device);

        public void Dispose() => momentum_buffer?.Dispose();
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum!.Value);
            writer.Write(dampening!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (momentum, dampening, weight_decay) = (other.momentum, other.dampening, other.weight_decay);
            (nesterov, maximize) = (other.nesterov, other.maximize);
        }
    }

    public class ParamGroup : ParamGroup<Options>, IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this(
                parameters,
                new Options
                {
                    LearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
                    maximize = maximize,
                })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
