namespace ResNet.Training;

/// <summary>One pass over the training images.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Images">Images trained on; fewer than there are where the run ended within the epoch.</param>
/// <param name="Loss">The mean over the images, while training.</param>
/// <param name="Seconds">From the first batch to the last optimizer step, evaluation not included.</param>
internal sealed record EpochResult(int Epoch, int Images, double Loss, double Seconds);
