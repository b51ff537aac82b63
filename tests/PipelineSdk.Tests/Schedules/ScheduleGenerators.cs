using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Schedules;

namespace PipelineSdk.Tests.Schedules;

/// <summary>Random schedules, shapes, costs and faults.</summary>
internal static class ScheduleGenerators
{
    /// <summary>A program of any schedule at any shape it accepts: 1 to 8 workers, 1 to 4 stages each, 1 to 32
    /// micro-batches.</summary>
    public static Gen<ScheduleProgram> Programs(int mostMicroBatches = 32) =>
        from schedule in Gen.Elements(ScheduleCatalog.All.ToArray())
        from shape in
            (from workers in Gen.Choose(1, 8)
             from chunks in Gen.Choose(1, 4)
             from microBatches in Gen.Choose(1, mostMicroBatches)
             select new ScheduleShape(workers, workers * chunks, microBatches))
            .Select(shape => schedule.NearestShapes(shape, 1)[0])
        select schedule.Build(shape);

    /// <summary>Costs of every stage, in quarters so that sums are exact; some stages cost nothing for a kind.</summary>
    public static Gen<ScheduleCosts> Costs(int stages) =>
        from times in Gen.Choose(0, 12).Select(quarters => quarters / 4.0).ArrayOf(4 * stages)
        from latency in Gen.Choose(0, 4)
        from capacity in Gen.Choose(0, 3)
        select new ScheduleCosts(
            [.. Enumerable.Range(0, stages).Select(s => new StageCosts(times[4 * s], times[(4 * s) + 1], times[(4 * s) + 2]) { Update = times[(4 * s) + 3] })])
        {
            LinkLatency = latency / 4.0,
            LinkCapacity = capacity == 0 ? null : capacity + 32,
        };

    /// <summary>A program with one fault or none: two actions of a worker exchanged, one dropped, doubled, or put in place of
    /// another.</summary>
    public static Gen<ScheduleProgram> Damaged(ScheduleProgram program) =>
        from fault in Gen.Choose(0, 4)
        from worker in Gen.Choose(0, program.Workers.Count - 1)
        from a in Gen.Choose(0, program.Workers[worker].Count - 1)
        from b in Gen.Choose(0, program.Workers[worker].Count - 1)
        select Damage(program, fault, worker, a, b);

    private static ScheduleProgram Damage(ScheduleProgram program, int fault, int worker, int a, int b)
    {
        var workers = program.Workers.Select(actions => actions.ToList()).ToList();
        var actions = workers[worker];
        switch (fault)
        {
            case 0:
                (actions[a], actions[b]) = (actions[b], actions[a]);
                break;
            case 1:
                actions.RemoveAt(a);
                break;
            case 2:
                actions.Insert(b, actions[a]);
                break;
            case 3:
                actions[a] = actions[b];
                break;
        }

        var owners = Enumerable.Range(0, program.Shape.Stages).Select(program.WorkerOf).ToArray();
        return new("damaged " + program.ScheduleName, program.Shape, owners, workers);
    }
}
