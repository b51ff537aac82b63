using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Adam whose weight decay does not go through the gradient's moments (Loshchilov and Hutter 2019).</summary>
public class AdamW : OptimizerHelper, IBetas
{
    public AdamW(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public AdamW(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");

        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var defaults = (Options)_defaults;
        param_group.Options ??= new Options();
        var options = (Options)param_group.Options;
        options.LearningRate ??= defaults.LearningRate;
        options.beta1 ??= defaults.beta1;
        options.beta2 ??= defaults.beta2;
        options.eps ??= defaults.eps;
        options.weight_decay ??= defaults.weight_decay;
        options.amsgrad ??= defaults.amsgrad;
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
        var (rate, decay) = (options.LearningRate!.Value, options.weight_decay!.Value);
        var betas = (options.beta1!.Value, options.beta2!.Value);

        foreach (var parameter in group.Parameters)
        {
            var state = (State)_state[parameter.Handle];
            var gradient = parameter.grad;
            if (gradient is null) continue;

            state.step++;
            if (options.maximize!.Value) gradient = Op.Call("aten::neg", gradient);
            if (decay != 0) Op.Run("aten::mul_.Scalar", parameter, 1 - rate * decay);
            AdamUpdate.Apply(
                parameter, gradient, state.exp_avg, state.exp_avg_sq, ref state.max_exp_avg_sq, state.step, rate, betas,
                options.eps!.Value);
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = ZerosLike(_parameter);
            exp_avg_sq = ZerosLike(_parameter);
            max_exp_avg_sq = ((Options)options).amsgrad!.Value ? ZerosLike(_parameter) : null;
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            exp_avg.Save(writer);
            exp_avg_sq.Save(writer);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            exp_avg.Load(reader);
            exp_avg_sq.Load(reader);
            LoadConditionalStateTensor(reader, ref max_exp_avg_sq, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Replace(ref exp_avg!, other.exp_avg);
            Replace(ref exp_avg_sq!, other.exp_avg_sq);
            Replace(ref max_exp_avg_sq, other.max_exp_avg_sq);
        }

        public override bool ApproximatelyEquals(OptimizerState other)
            => other is State same && step == same.step && Close(exp_avg, same.exp_avg) && Close(exp_avg_sq, same.exp_avg_sq)
                && Close(max_exp_avg_sq, same.max_exp_avg_sq);

        public override void to(Device device)
        {
            exp_avg = Moved(exp_avg, device)!;
            exp_avg_sq = Moved(exp_avg_sq, device)!;
            max_exp_avg_sq = Moved(max_exp_avg_sq, device);
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
        }
    }

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (beta1, beta2, eps, weight_decay) = (other.beta1, other.beta2, other.eps, other.weight_decay);
            (amsgrad, maximize) = (other.amsgrad, other.maximize);
        }
    }

    public class ParamGroup : ParamGroup<Options>, IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this(
                parameters,
                new Options
                {
                    LearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
