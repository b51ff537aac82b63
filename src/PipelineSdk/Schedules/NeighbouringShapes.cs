namespace PipelineSdk.Schedules;

/// <summary>Lists the shapes around one, nearest first: other micro-batches, then other stages, then other workers.</summary>
internal static class NeighbouringShapes
{
    private const int MostChunks = 4;
    private const int StageChange = 1_000;
    private const int WorkerChange = 1_000_000;

    public static IEnumerable<ScheduleShape> Of(ScheduleShape shape)
    {
        var layouts = new List<(int Workers, int Stages, int Distance)> { (shape.Workers, shape.Stages, 0) };
        for (int chunks = 1; chunks <= MostChunks; chunks++)
        {
            long stages = (long)chunks * shape.Workers;
            if (stages != shape.Stages && stages <= int.MaxValue)
            {
                layouts.Add((shape.Workers, (int)stages, StageChange + (int)Math.Min(StageChange, Math.Abs(stages - shape.Stages))));
            }

            int workers = shape.Stages / chunks;
            if (workers > 0 && workers * chunks == shape.Stages && workers != shape.Workers)
            {
                layouts.Add((workers, shape.Stages, WorkerChange + (int)Math.Min(WorkerChange, Math.Abs((long)workers - shape.Workers))));
            }
        }

        return layouts
            .SelectMany(layout => MicroBatches(shape.MicroBatches, layout.Stages).Select(m => (
                Shape: new ScheduleShape(layout.Workers, layout.Stages, m),
                Distance: layout.Distance + (long)Math.Abs((long)m - shape.MicroBatches))))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Shape);
    }

    /// <summary>The number wanted, some on either side of it, and the stage counts that schedules ask for.</summary>
    private static SortedSet<int> MicroBatches(int wanted, int stages)
    {
        var numbers = new SortedSet<int> { wanted, stages };
        for (int step = 1; step <= 32; step++)
        {
            if (wanted > step)
            {
                numbers.Add(wanted - step);
            }

            if (wanted <= int.MaxValue - step)
            {
                numbers.Add(wanted + step);
            }
        }

        return numbers;
    }
}
