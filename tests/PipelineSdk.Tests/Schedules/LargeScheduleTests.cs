using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class LargeScheduleTests
{
    [Theory]
    [InlineData("1F1B", 16)]
    [InlineData("Interleaved1F1B", 64)]
    [InlineData("ZB-H1", 16)]
    public void AMillionActionsAreBuiltAndProvenAndSimulatedInLessThanTwoSecondsEach(string name, int stages)
    {
        int kinds = name == "ZB-H1" ? 3 : 2;
        var schedule = ScheduleCatalog.Get(name);
        var shape = new ScheduleShape(16, stages, 1 + (1_000_000 / (kinds * stages)));
        var program = schedule.Build(shape);
        Assert.True(program.Workers.Sum(actions => actions.Count) >= 1_000_000);
        var costs = new ScheduleCosts([.. Enumerable.Range(0, stages).Select(i => new StageCosts(1 + (i % 3), 2, 1) { OutputBytes = 10 })])
        {
            LinkBandwidth = 100,
            LinkLatency = 0.25,
        };
        Within(TimeSpan.FromSeconds(2), "build", () => schedule.Build(shape));
        Within(TimeSpan.FromSeconds(2), "prove", () => ScheduleCheck.Verify(program));
        Within(TimeSpan.FromSeconds(2), "simulate", () => ScheduleSimulator.Run(program, costs));
    }

    private static void Within(TimeSpan budget, string what, Action action)
    {
        var took = CpuClock.Best(budget, action);
        Assert.True(took < budget, $"To {what} took {took}.");
    }
}
