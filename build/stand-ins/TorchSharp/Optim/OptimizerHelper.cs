using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// What the optimizers have in common. State belongs to a parameter's native handle: a parameter that was moved to a device or
/// an element type is a new one, and unknown here.
/// </summary>
public abstract class OptimizerHelper : Optimizer
{
    protected OptimizerOptions _defaults = null!;
    protected OrderedDict<nint, OptimizerState> _state = new();

    public OptimizerHelper()
    {
    }

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    public void to(Device device)
    {
        foreach (var parameter in parameters()) _state[parameter.Handle].to(device);
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            var places = new List<int>();
            dictionary.StateIndexRef.Add(places);
            foreach (var parameter in group.Parameters)
            {
                places.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
        }

        return dictionary;
    }

    /// <exception cref="ArgumentException">Another number of groups or parameters.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);

        for (var i = 0; i < own.Options.Count; i++)
            if (own.Options[i] != state_dict.Options[i])
                own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (own.State[i] != state_dict.State[i])
                own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    /// <summary>Writes the optimizer's name, the numbers of groups and of states (LEB128), the groups, and the states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(state.Options.Count);
        writer.Encode(state.State.Count);
        foreach (var options in state.Options) options.SaveStateDict(writer);
        foreach (var entry in state.State) entry.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    /// <exception cref="InvalidDataException">The state of another kind of optimizer.</exception>
    /// <exception cref="ArgumentException">Another number of groups or parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
            throw new InvalidDataException(
                $"Mismatched optimizer type: expected '{GetType().Name}', but found '{kind}' in the loaded stream.");

        var (groups, states) = (reader.Decode(), reader.Decode());
        var own = state_dict();
        CheckCounts(own, groups, states);
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var entry in own.State) entry.LoadStateDict(reader);
    }

    /// <summary>Calls <paramref name="body"/> with each group, without autograd and in a dispose scope of its own.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var tracked = enable_grad();
            loss = loss_closure();
        }

        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    /// <summary>Adds a group whose settings are complete, with a new state for each of its parameters.</summary>
    private protected void AddGroup(ParamGroup group, Func<Parameter, OptimizerState> newState)
    {
        group.Options.InitialLearningRate = group.Options.LearningRate!.Value;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(group.Options);
        }
    }

    private protected void DisposeStates()
    {
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    private static void CheckCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
