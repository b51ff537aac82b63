using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Moves the members of a model to the devices of the stages that use them.</summary>
/// <remarks>
/// Before anything else knows them: TorchSharp's <c>to(...)</c> disposes the parameters that it moves and puts others in their place. It moves the registered
/// parameters and buffers of modules; what else a module refers to stays where it is, as it does without a pipeline.
/// </remarks>
internal static class ModelPlacement
{
    /// <summary>The devices as tensors on them name theirs: with a number where there may be several, and without where there is one.</summary>
    public static IReadOnlyList<Device> Numbered(IReadOnlyList<Device> devices)
        => [.. devices.Select(device => new Device(device.type, device.type is DeviceType.CPU or DeviceType.META ? -1 : Math.Max(0, device.index)))];

    /// <summary>Moves. What was wrong with the devices is found before anything is moved.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelName">Its class, for errors.</param>
    /// <param name="stages">The segments of each stage.</param>
    /// <param name="devices">The device of each stage, <see cref="Numbered"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer devices than stages, one is not on this machine, or a member would have to be on two of them.
    /// </exception>
    /// <exception cref="NotSupportedException">TorchSharp can't move a member.</exception>
    public static void Apply<TModel>(
        TModel model, string modelName, IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> stages, IReadOnlyList<Device> devices)
        where TModel : nn.Module
    {
        string[] names = [.. stages.Select(StageLayout.Name)];
        if (devices.Count != stages.Count)
        {
            throw new ArgumentException(
                $"PipelineOptions.Devices names {devices.Count} device(s), but {modelName} runs in {stages.Count} stage(s) ({string.Join(" | ", names)}): name one for each "
                + "stage, in order; the same device may stand for several.");
        }

        RequirePresent(devices);
        StageMembers[] members = [.. stages.Select(stage => StageMembers.Of(model, stage))];
        RequireOneDeviceEach(modelName, names, members, devices);
        RequireUntied(model, modelName, members, devices);
        for (var stage = 0; stage < stages.Count; stage++) Move(model, members[stage], devices[stage]);
    }

    private static void RequirePresent(IReadOnlyList<Device> devices)
    {
        for (var stage = 0; stage < devices.Count; stage++)
        {
            if (devices[stage].type != DeviceType.CUDA) continue;
            var count = cuda.is_available() ? cuda.device_count() : 0;
            if (devices[stage].index < count) continue;
            throw new ArgumentException(
                $"PipelineOptions.Devices[{stage}] is {devices[stage]}, but libtorch sees {(count == 0 ? "no CUDA device" : $"{count} CUDA device(s), counted from 0")}. "
                + "It needs a driver, a device, and a CUDA build of libtorch, such as the package TorchSharp-cuda-linux.");
        }
    }

    private static void RequireOneDeviceEach(string modelName, string[] stages, StageMembers[] members, IReadOnlyList<Device> devices)
    {
        var users = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        for (var stage = 0; stage < members.Length; stage++)
        {
            foreach (var (name, _, tensor) in Tensors(members[stage]))
            {
                if (users.TryAdd(tensor, stage) || SameDevice.Are(devices[users[tensor]], devices[stage])) continue;
                throw new ArgumentException(
                    $"'{name}' of {modelName} is used by the stages '{stages[users[tensor]]}' on {devices[users[tensor]]} and '{stages[stage]}' on {devices[stage]}, and can be "
                    + "on one device only. Put what uses it into one stage, or give both stages one device in PipelineOptions.Devices.");
            }
        }
    }

    private static void RequireUntied(nn.Module model, string modelName, StageMembers[] members, IReadOnlyList<Device> devices)
    {
        var targets = members.SelectMany((stage, i) => Tensors(stage).Select(entry => (entry.Name, entry.Tensor, Device: devices[i])))
            .DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name);
        foreach (var names in TiedNames.Of(model).Groups)
        {
            if (names.Select(name => targets.GetValueOrDefault(name)).FirstOrDefault(entry => entry.Tensor is { IsInvalid: false } && !SameDevice.IsOn(entry.Tensor, entry.Device))
                is not { Name: { } moved } entry) continue;
            throw new ArgumentException(
                $"PipelineOptions.Devices would move '{moved}' of {modelName} from {entry.Tensor.device} to {entry.Device}. It is one weight with "
                + $"{string.Join(", ", names.Where(name => name != moved).Select(name => $"'{name}'"))} ([TiedWeights]), and moving makes a copy for each name. The stages that share a "
                + "weight must be on one device: move their layers to it with to(...), tie them again there, as the constructor does, and name that device for these stages.");
        }
    }

    private static void Move(nn.Module model, StageMembers members, Device device)
    {
        foreach (var module in members.AllModules) module.to(device);
        // Members of the model itself, and those of a module that was moved there before and now has others: it moves nothing a second time.
        foreach (var (name, owner, tensor) in Tensors(members).ToList())
        {
            if (!tensor.IsInvalid && !SameDevice.IsOn(tensor, device)) OwnTensor.Move(owner ?? OwnerOf(model, name), name, tensor, device);
        }
    }

    private static nn.Module OwnerOf(nn.Module model, string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? model : model.named_modules().First(entry => entry.name == name[..dot]).module;
    }

    /// <summary>All parameters and buffers of a stage, by their names in the model, with the module that has them; null for members of the model itself.</summary>
    private static IEnumerable<(string Name, nn.Module? Owner, Tensor Tensor)> Tensors(StageMembers members)
    {
        foreach (var (name, module) in members.Modules)
        {
            foreach (var (own, parameter) in module.named_parameters(recurse: false)) yield return ($"{name}.{own}", module, parameter);
            foreach (var (own, buffer) in module.named_buffers(recurse: false)) yield return ($"{name}.{own}", module, buffer);
        }

        foreach (var (name, parameter) in members.Members.Parameters) yield return (name, null, parameter);
        foreach (var (name, buffer) in members.Members.Buffers) yield return (name, null, buffer);
    }
}
