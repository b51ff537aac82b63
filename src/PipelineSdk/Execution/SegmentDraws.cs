using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>What is known of one segment: whether it draws from the process's generator shows when it runs.</summary>
internal sealed class SegmentDraws
{
    private readonly nn.Module[] modules;
    private readonly double[] modes;
    private bool? observed;

    /// <param name="name">The segment's name.</param>
    /// <param name="modules">All modules whose mode decides whether it draws.</param>
    public SegmentDraws(string name, IEnumerable<nn.Module> modules)
    {
        Name = name;
        this.modules = [.. modules];
        modes = new double[this.modules.Length];
    }

    public string Name { get; }

    /// <summary>Whether it is to be watched when it runs next.</summary>
    public bool IsUnknown => observed is null;

    /// <summary>Whether it draws, or may.</summary>
    public bool MayDraw => observed is not false;

    /// <summary>Looks at the modes of its modules; what was seen in other modes counts no longer.</summary>
    public void Refresh()
    {
        for (var i = 0; i < modules.Length; i++)
        {
            var mode = modules[i] switch
            {
                { training: false } => -1,
                Dropout dropout => dropout.p,
                Dropout2d dropout => dropout.p,
                _ => 1,
            };
            if (mode == modes[i]) continue;
            modes[i] = mode;
            observed = null;
        }
    }

    /// <summary>Notes whether it drew.</summary>
    public void Observe(bool drew) => observed = drew;

    /// <summary>Forgets what was seen.</summary>
    public void Forget() => observed = null;
}
