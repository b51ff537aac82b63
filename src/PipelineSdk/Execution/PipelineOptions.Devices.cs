using TorchSharp;

namespace PipelineSdk;

// What concerns the devices that stages compute on.
public sealed partial class PipelineOptions
{
    /// <summary>
    /// The device of each stage, as many as there are stages: the layers of a stage are moved to it when the pipeline is built, inputs go to the first one, targets
    /// to the last, and what crosses a cut from one device to another is copied. Null, the default, leaves every stage where its layers are: all on one
    /// device, or placed by hand, each stage on one.
    /// </summary>
    /// <remarks>
    /// <para>TorchSharp's <c>to(...)</c> puts new parameters in the place of those that it moves. So set <see cref="Optimizer"/>, or make an optimizer of your own after
    /// the pipeline. A pipeline that was built on the model before can't be used any more, and says so.</para>
    /// <para>What <c>forward</c> itself makes (masks, positions) must be made where its values are: with <c>x.device</c>, not with a device that was written down.</para>
    /// <para>Another number of devices than of stages, a CUDA device that libtorch does not see, and a layer or a tied weight that would have to be on two devices are refused when the
    /// pipeline is built.</para>
    /// <para>CUDA is coded by TorchSharp's rules and has not been run on CUDA hardware. See docs/devices.md.</para>
    /// </remarks>
    /// <example><c>new PipelineOptions { Devices = [torch.device("cuda:0"), torch.device("cuda:1")] }</c></example>
    public IReadOnlyList<torch.Device>? Devices { get; set; }

    /// <summary>
    /// Whether every action of a stage on a CUDA device ends with <c>torch.cuda.synchronize</c>, so that spans, timelines and metrics show how long the device worked and
    /// not how long the thread took to give it the work. Off by default: it keeps a worker from preparing the next action meanwhile, so steps take longer. For
    /// looking, not for training. Stages on the CPU are not concerned.
    /// </summary>
    public bool SynchronizedTiming { get; set; }
}
