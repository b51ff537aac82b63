using Microsoft.Extensions.Logging;
using PipelineSdk.Training;
using TorchSharp.Modules;

namespace PipelineSdk.Execution;

/// <summary>The parameters of all stages, and what must hold of them.</summary>
internal sealed class StageParameters
{
    private readonly string modelName;
    private readonly List<(string Name, Parameter Parameter)> all = [];

    /// <exception cref="ArgumentException">A weight belongs to two stages without being declared tied.</exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public StageParameters(
        string modelName, IReadOnlyList<(string Stage, IReadOnlyList<(string Name, Parameter Parameter)> Parameters)> stages, TiedNames tied, ILogger logger)
    {
        this.modelName = modelName;
        var uses = new Dictionary<nint, List<(string Name, Parameter Parameter, int Stage)>>();
        for (var stage = 0; stage < stages.Count; stage++)
        {
            foreach (var (name, parameter) in stages[stage].Parameters)
            {
                RequireUsable(name, parameter);
                var address = WeightStorage.AddressOf(parameter)!.Value;
                if (!uses.TryGetValue(address, out var others)) uses.Add(address, others = []);
                var isNew = true;
                foreach (var other in others)
                {
                    var isSame = ReferenceEquals(other.Parameter, parameter);
                    isNew &= !isSame;
                    if (other.Stage != stage && !(tied.Contains(other.Name, name) && !isSame))
                        throw new ArgumentException(SharedMessage(other.Name, stages[other.Stage].Stage, name, stages[stage].Stage));
                    if (!isSame && !tied.Contains(other.Name, name)) PipelineLog.TiedInOneStage(logger, modelName, other.Name, name);
                }

                others.Add((name, parameter, stage));
                if (isNew) all.Add((name, parameter));
            }
        }
    }

    /// <summary>Checks that every parameter is alive.</summary>
    /// <exception cref="ObjectDisposedException">One is not.</exception>
    public void RequireUsable()
    {
        foreach (var (name, parameter) in all) RequireUsable(name, parameter);
    }

    private void RequireUsable(string name, Parameter parameter)
    {
        if (!parameter.IsInvalid) return;
        throw new ObjectDisposedException(
            modelName,
            $"Parameter '{name}' of {modelName} is gone: the model was disposed, or moved with .to(...), which replaces its parameters. "
            + "Build the pipeline after placing the model, and keep the model alive as long as the pipeline.");
    }

    private string SharedMessage(string first, string firstStage, string second, string secondStage)
    {
        var what = first == second
            ? $"Parameter '{first}' of {modelName} is used by two stages ({firstStage} | {secondStage}): two threads would add to its gradient at once. "
            : $"Parameters '{first}' and '{second}' of {modelName} are one weight, used by two stages ({firstStage} | {secondStage}): two threads would add to "
                + "its gradient at once. ";
        return what + "Put everything that shares it in one stage, or tie two names: "
            + (first == second ? "give the second use a parameter of its own over the same values, as in second = new Parameter(first.detach()), and mark the class [TiedWeights(\"first\", \"second\")]."
                : $"mark the class [TiedWeights(\"{first}\", \"{second}\")], and in its constructor write {second} = new Parameter({first}.detach());");
    }
}
