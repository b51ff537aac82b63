using System.Runtime.ExceptionServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Checkpoints;

/// <summary>
/// The state of optimizers, taken apart by parameters: one over the whole model and one per worker have the same parts, so that what one has saved another
/// goes on from.
/// </summary>
internal sealed class OptimizerStates
{
    private readonly List<OptimizerHelper> optimizers = [];
    private readonly List<OptimizerOptions> groups = [];
    private readonly List<(string Name, int Group, OptimizerState State)> states = [];

    /// <param name="model">Gives the parameters their names.</param>
    /// <param name="optimizers">Optimizers of different parameters of it.</param>
    /// <param name="others">What optimizers have in the place of parameters of it: schedules with versions of weights give them other tensors over the same storage.</param>
    /// <exception cref="NotSupportedException">An optimizer keeps its state to itself.</exception>
    /// <exception cref="ArgumentException">An optimizer has a parameter that the model has not.</exception>
    public OptimizerStates(nn.Module model, IEnumerable<optim.Optimizer> optimizers, IEnumerable<(string Name, Parameter Parameter)> others)
    {
        var names = new Dictionary<nint, string>();
        foreach (var (name, parameter) in model.named_parameters().Concat(others)) names.TryAdd(parameter.Handle, name);

        foreach (var optimizer in optimizers)
        {
            if (optimizer is not OptimizerHelper known)
                throw new NotSupportedException($"TorchSharp does not show the state of {optimizer.GetType().Name}: checkpoints can keep that of SGD, Adam, AdamW and the other optimizers with a state_dict.");
            this.optimizers.Add(known);
            var dictionary = known.state_dict();
            var parameters = known.parameters().ToList();
            for (var group = 0; group < dictionary.Options.Count; group++)
            {
                foreach (var place in dictionary.StateIndexRef[group])
                {
                    if (!names.TryGetValue(parameters[place].Handle, out var name))
                    {
                        throw new ArgumentException(
                            $"{known.GetType().Name} has a parameter of shape [{string.Join(", ", parameters[place].shape)}] that {model.GetType().Name} has not: give the optimizer of this model.",
                            nameof(optimizers));
                    }

                    states.Add((name, groups.Count, dictionary.State[place]));
                }

                groups.Add(dictionary.Options[group]);
            }
        }
    }

    /// <summary>The optimizers' class; null where there is none.</summary>
    public string? Kind => optimizers.FirstOrDefault()?.GetType().Name;

    /// <summary>The settings of each group, and the state of each parameter with its name and the number of its group.</summary>
    public (List<byte[]> Groups, List<(string Name, int Group, byte[] State)> States) Save() => (
        [.. groups.Select(group => Bytes(group.SaveStateDict))],
        [.. states.Select(entry => (entry.Name, entry.Group, Bytes(entry.State.SaveStateDict)))]);

    /// <summary>Whether saved parts fit, without touching anything.</summary>
    /// <returns>What does not; null where all do.</returns>
    public string? Difference(string? kind, IReadOnlyList<byte[]> savedGroups, IReadOnlyDictionary<string, (int Group, byte[] State)> saved)
    {
        if (kind is null && Kind is null) return null;
        if (Kind is null) return $"It keeps the state of {kind}, but there is no optimizer to take it. Give yours, set PipelineOptions.Optimizer, or read the weights alone with model.load.";
        if (kind is null) return $"It keeps no state of an optimizer, but there is {Kind}. Read the weights alone with model.load.";
        if (optimizers.Find(optimizer => optimizer.GetType().Name != kind) is { } other) return $"It keeps the state of {kind}, but the optimizer is {other.GetType().Name}.";
        if (states.Find(entry => !saved.ContainsKey(entry.Name)) is { Name: { } missing }) return $"It keeps no state of '{missing}', which the optimizer has.";
        var own = states.Select(entry => entry.Name).ToHashSet();
        if (saved.Keys.FirstOrDefault(name => !own.Contains(name)) is { } tooMany) return $"It keeps the state of '{tooMany}', which the optimizer has not.";
        foreach (var group in states.GroupBy(entry => entry.Group, entry => entry.Name))
        {
            var settings = savedGroups[saved[group.First()].Group];
            if (settings.Length != Bytes(groups[group.Key].SaveStateDict).Length) return $"The settings of {kind} have another form: it was saved with another version of TorchSharp.";
            if (group.FirstOrDefault(name => !savedGroups[saved[name].Group].AsSpan().SequenceEqual(settings)) is { } different)
                return $"'{group.First()}' and '{different}' are in one parameter group, but had different settings. Group them as they were.";
        }

        return null;
    }

    /// <summary>Takes saved parts over; they fit.</summary>
    public void Load(IReadOnlyList<byte[]> savedGroups, IReadOnlyDictionary<string, (int Group, byte[] State)> saved)
    {
        // TorchSharp makes tensors that an optimizer lacks in the dispose scope of the thread, and the caller may have one: a thread of its own has none.
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                LoadAll(savedGroups, saved);
            }
#pragma warning disable CA1031 // Rethrown on the caller's thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private void LoadAll(IReadOnlyList<byte[]> savedGroups, IReadOnlyDictionary<string, (int Group, byte[] State)> saved)
    {
        using var constant = no_grad();
        foreach (var group in states.GroupBy(entry => entry.Group, entry => entry.Name)) Read(savedGroups[saved[group.First()].Group], groups[group.Key].LoadStateDict);
        foreach (var (name, _, state) in states) Read(saved[name].State, state.LoadStateDict);
    }

    private static byte[] Bytes(Action<BinaryWriter> save)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static void Read(byte[] bytes, Action<BinaryReader> load)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        load(reader);
    }
}
