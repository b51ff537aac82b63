namespace ResNet.Data;

/// <summary>Images to train on, images to test on, and where they come from.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Test">To test on; not one of them is trained on.</param>
/// <param name="Source">One sentence for the reader of the results.</param>
/// <param name="Synthetic">Whether the images are made here: accuracies then say nothing about CIFAR-10.</param>
internal sealed record DataSet(ImageSet Train, ImageSet Test, string Source, bool Synthetic);
