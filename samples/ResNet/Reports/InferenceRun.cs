using ResNet.Metrics;

namespace ResNet.Reports;

/// <summary>What classifying the test images one way came to.</summary>
internal sealed record InferenceRun(string Name, double Loss, double Seconds, double ImagesPerSecond, Scores Scores);
