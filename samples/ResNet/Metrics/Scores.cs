namespace ResNet.Metrics;

/// <summary>How good a classifier is, each figure from 0 to 1; the last three are macro averages over the classes.</summary>
internal sealed record Scores(double Accuracy, double Precision, double Recall, double F1);
