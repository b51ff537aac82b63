using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Weights with several names: each stage adds to a gradient of its own, and after the step they become one.</summary>
internal sealed class TiedWeights
{
    private readonly List<Parameter[]> ties = [];

    /// <summary>Looks the declared names up in the model.</summary>
    /// <exception cref="ArgumentException">A name is no parameter, or two are not one weight, or they share one gradient.</exception>
    public TiedWeights(nn.Module model, string modelName)
    {
        Names = TiedNames.Of(model);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var names in Names.Groups)
        {
            if (names.Count < 2) throw new ArgumentException($"{Quote(names)} of {modelName} names {names.Count} parameter(s): it ties two at least.");
            foreach (var name in names)
            {
                if (!seen.Add(name)) throw new ArgumentException($"{Quote(names)} of {modelName}: '{name}' is named twice. Put all names of one weight into one attribute, each once.");
            }

            var parameters = names.Select(name => model.get_parameter(name) ?? throw new ArgumentException(
                $"{Quote(names)}: {modelName} has no parameter '{name}'. Its parameters are {string.Join(", ", model.named_parameters().Select(entry => entry.name))}.")).ToArray();
            Check(names, parameters, modelName);
            ties.Add(parameters);
        }
    }

    public TiedNames Names { get; }

    /// <summary>The parameters of all names.</summary>
    public IEnumerable<Parameter> Parameters => ties.SelectMany(static tie => tie);

    /// <exception cref="NotSupportedException">There are tied weights.</exception>
    public void RefuseWithoutFlush(string schedule)
    {
        if (ties.Count == 0) return;
        throw new NotSupportedException(
            $"{Quote(Names.Groups[0])}: under {schedule} every stage changes its weights at a time of its own, so that a weight of two stages would have two values. "
            + "Choose a schedule with a flush, such as PipelineSchedule.OneForwardOneBackward.");
    }

    /// <summary>
    /// Adds the gradients of each weight, in the order of its names, to that of the first, and leaves the others none. Between steps.
    /// </summary>
    public void SumGradients()
    {
        if (ties.Count == 0) return;
        using var constant = no_grad();
        foreach (var parameters in ties)
        {
            foreach (var other in parameters.Skip(1))
            {
                using var gradient = other.grad;
                if (gradient is null) continue;
                using var sum = parameters[0].grad;
                if (sum is null) parameters[0].grad = gradient;
                else sum.add_(gradient);
                other.grad = null;
            }
        }
    }

    private static void Check(IReadOnlyList<string> names, Parameter[] parameters, string modelName)
    {
        // What has been disposed has an error of its own.
        if (parameters.Any(parameter => parameter.IsInvalid)) return;
        for (var i = 1; i < parameters.Length; i++)
        {
            if (!SameDevice.IsOn(parameters[i], parameters[0].device))
            {
                throw new ArgumentException(
                    $"{Quote(names)}: '{names[i]}' of {modelName} is on {parameters[i].device} and '{names[0]}' on {parameters[0].device}, but one weight is on one device. "
                    + $"Move both layers to the same. {Cure(names[i], names[0])}");
            }

            if (!WeightStorage.BeginTogether(parameters[i], parameters[0])
                || !parameters[i].shape.SequenceEqual(parameters[0].shape) || !parameters[i].stride().SequenceEqual(parameters[0].stride()))
            {
                throw new ArgumentException(
                    $"{Quote(names)}: '{names[i]}' and '{names[0]}' of {modelName} are two weights, not one. {Cure(names[i], names[0])} Do it after moving the "
                    + "model, since .to(...) makes a copy for each name.");
            }

            var earlier = Enumerable.Range(0, i).FirstOrDefault(k => WeightStorage.IsOneLeaf(parameters[k], parameters[i]), -1);
            if (earlier < 0) continue;
            throw new ArgumentException(
                $"{Quote(names)}: '{names[i]}' and '{names[earlier]}' of {modelName} share one gradient, so that two stages would add to it at once. "
                + Cure(names[i], names[earlier]));
        }
    }

    /// <summary>What makes a second parameter over the values of a first.</summary>
    public static string Cure(string name, string of) => $"Give it a Parameter of its own over the same values: {name} = new Parameter({of}.detach());";

    private static string Quote(IReadOnlyList<string> names) => $"[TiedWeights({string.Join(", ", names.Select(name => $"\"{name}\""))})]";
}
