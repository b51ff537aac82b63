using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The parameters of all stages, and what must hold of them.</summary>
internal sealed class StageParameters
{
    private readonly string modelName;
    private readonly List<(string Name, Parameter Parameter)> all = [];

    /// <exception cref="ArgumentException">A parameter belongs to two stages, or parameters are on different devices.</exception>
    /// <exception cref="ObjectDisposedException">A parameter has been disposed.</exception>
    public StageParameters(string modelName, IReadOnlyList<(string Stage, IReadOnlyList<(string Name, Parameter Parameter)> Parameters)> stages)
    {
        this.modelName = modelName;
        var owners = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach (var (stage, parameters) in stages)
        {
            foreach (var (name, parameter) in parameters)
            {
                if (owners.TryAdd(parameter, stage)) all.Add((name, parameter));
                else if (owners[parameter] != stage)
                {
                    throw new ArgumentException(
                        $"Parameter '{name}' of {modelName} is used by two stages ({owners[parameter]} | {stage}): two threads would "
                        + "add to its gradient at once. Put everything that shares it in one stage.");
                }
            }
        }

        RequireUsable();
        Device = all.Count == 0 ? null : all[0].Parameter.device;
        foreach (var (name, parameter) in all)
        {
            if (parameter.device.type != Device!.type || parameter.device.index != Device.index)
            {
                throw new ArgumentException(
                    $"Parameter '{all[0].Name}' of {modelName} is on {Device}, but '{name}' is on {parameter.device}: move the model to "
                    + "one device before building the pipeline.");
            }
        }
    }

    /// <summary>The device of all parameters; null where there are none.</summary>
    public Device? Device { get; }

    /// <summary>Checks that every parameter is alive.</summary>
    /// <exception cref="ObjectDisposedException">One is not.</exception>
    public void RequireUsable()
    {
        foreach (var (name, parameter) in all)
        {
            if (parameter.IsInvalid)
            {
                throw new ObjectDisposedException(
                    modelName,
                    $"Parameter '{name}' of {modelName} is gone: the model was disposed, or moved with .to(...), which replaces its parameters. "
                    + "Build the pipeline after placing the model, and keep the model alive as long as the pipeline.");
            }
        }
    }
}
