namespace ResNet.Reports;

/// <summary>What inference.json holds.</summary>
internal sealed record InferenceMetrics(
    string Data, string Checkpoint, int TestImages, int Stages, int BatchSize, int MicroBatch, int Cores, IReadOnlyList<InferenceRun> Runs);
