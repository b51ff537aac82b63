namespace ResNet.CommandLine;

internal enum RunMode
{
    /// <summary>Train the uncut model and the pipeline, and compare.</summary>
    Train,

    /// <summary>Classify the test images with a checkpoint, uncut and through the pipeline, and compare.</summary>
    Inference,
}
