using PipelineSdk.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Where all stages of a pipeline compute.</summary>
internal sealed class StageDevices
{
    /// <param name="modelName">The model's class, for errors.</param>
    /// <param name="stages">The parameters of each stage.</param>
    /// <param name="chosen">A device for each stage; null where the stages are where their parameters are.</param>
    /// <param name="synchronizedTiming">Whether actions wait for their device.</param>
    /// <exception cref="ArgumentException">The parameters of one stage are on several devices.</exception>
    public StageDevices(
        string modelName, IReadOnlyList<(string Stage, IReadOnlyList<(string Name, Parameter Parameter)> Parameters)> stages, IReadOnlyList<Device>? chosen,
        bool synchronizedTiming)
    {
        Device?[] found = [.. stages.Select(stage => DeviceOf(modelName, stage.Stage, stage.Parameters))];
        IReadOnlyList<Device> devices = chosen ?? Fill(found);
        var moves = chosen is not null || devices.Any(device => !SameDevice.Are(device, devices[0]));
        Inputs = moves ? null : Array.Find(found, device => device is not null);
        Targets = moves ? DeviceMove.Between(null, devices[^1]) : null;
        Stages =
        [
            .. devices.Select((device, stage) => new StageDevice(
                device,
                stage > 0 ? DeviceMove.Between(devices[stage - 1], device) : moves ? DeviceMove.Between(null, device) : null,
                synchronizedTiming && StageDevice.IsAsynchronous(device))),
        ];
    }

    /// <summary>Where each stage computes.</summary>
    public IReadOnlyList<StageDevice> Stages { get; }

    /// <summary>Where inputs must be; null where they may be anywhere: the first stage moves them, or has nothing that they must be with.</summary>
    public Device? Inputs { get; }

    /// <summary>Moves targets to where the loss is; null where they stay as they are.</summary>
    public DeviceMove? Targets { get; }

    private static Device? DeviceOf(string modelName, string stage, IReadOnlyList<(string Name, Parameter Parameter)> parameters)
    {
        if (parameters.Count == 0) return null;
        var device = parameters[0].Parameter.device;
        foreach (var (name, parameter) in parameters)
        {
            if (SameDevice.IsOn(parameter, device)) continue;
            throw new ArgumentException(
                $"Parameter '{parameters[0].Name}' of {modelName} is on {device}, but '{name}' is on {parameter.device}, and both belong to the stage '{stage}': a stage "
                + "computes on one device. Move one to the other, or set PipelineOptions.Devices.");
        }

        return device;
    }

    /// <summary>A stage without parameters computes where the one before it does; the first ones where the first with parameters does.</summary>
    private static Device[] Fill(Device?[] found)
    {
        var current = Array.Find(found, device => device is not null) ?? CPU;
        return [.. found.Select(device => current = device ?? current)];
    }
}
