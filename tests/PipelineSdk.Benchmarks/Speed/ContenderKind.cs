namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Kinds of contenders.</summary>
internal enum ContenderKind
{
    /// <summary>The uncut model.</summary>
    Uncut,

    /// <summary>Independent uncut models at once.</summary>
    Copies,

    /// <summary>A pipeline.</summary>
    Pipeline,

    /// <summary>PyTorch.</summary>
    PyTorch,
}
