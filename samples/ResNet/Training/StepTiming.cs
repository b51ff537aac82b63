namespace ResNet.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Images">Images in the batch.</param>
/// <param name="Loss">The mean over the images, before the step.</param>
/// <param name="Seconds">Forward, backward and optimizer.</param>
internal sealed record StepTiming(int Images, double Loss, double Seconds);
