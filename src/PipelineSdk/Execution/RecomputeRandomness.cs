using Microsoft.Extensions.Logging;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// A stage that runs its forward again must draw the same numbers again. On the CPU it does. Generators of other devices can't be put back: TorchSharp shows their
/// state to nobody.
/// </summary>
internal static class RecomputeRandomness
{
    /// <summary>Refuses a stage that draws on such a device, as far as its layers tell, and logs what they don't.</summary>
    /// <exception cref="NotSupportedException">It has a dropout layer.</exception>
    public static void Check<TModel>(string pipeline, Stage<TModel> stage, StageDevice device, ActivationRecompute recompute, ILogger logger)
        where TModel : nn.Module
    {
        if (recompute == ActivationRecompute.Never || device.Device.type == DeviceType.CPU) return;
        foreach (var (name, module) in stage.Modules)
        {
            if (module is not (Dropout { p: > 0 } or Dropout2d { p: > 0 })) continue;
            throw new NotSupportedException(
                $"PipelineOptions.Recompute runs the forward of stage {stage.Index} ({stage.Name}) again, but on {device.Name} its layer '{name}' would drop out other values than before: "
                + $"TorchSharp gives no access to the state of that device's generator. Set PipelineOptions.RecomputeOfStage[{stage.Index}] = ActivationRecompute.Never, "
                + "or the layer's probability to 0.");
        }

        PipelineLog.RecomputesElsewhere(logger, pipeline, stage.Index, stage.Name, device.Name);
    }
}
