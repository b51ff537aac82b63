namespace ResNet.Training;

/// <summary>Images per second. The first step is left out where there are others: it pays for what is set up once.</summary>
internal static class Throughput
{
    public static double Of(IReadOnlyList<StepTiming> steps)
    {
        var counted = steps.Count > 1 ? steps.Skip(1).ToList() : steps;
        return counted.Sum(step => step.Images) / counted.Sum(step => step.Seconds);
    }
}
