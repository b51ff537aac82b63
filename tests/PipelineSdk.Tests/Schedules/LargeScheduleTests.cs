using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class LargeScheduleTests
{
    [Theory]
    [InlineData("1F1B", 16)]
    [InlineData("Interleaved1F1B", 64)]
    [InlineData("ZB-H1", 16)]
    public void AMillionActionsAreSimulatedInLessThanTwoSeconds(string name, int stages)
    {
        int kinds = name == "ZB-H1" ? 3 : 2;
        var program = ScheduleCatalog.Get(name).Build(new(16, stages, 1 + (1_000_000 / (kinds * stages))));
        Assert.True(program.Workers.Sum(actions => actions.Count) >= 1_000_000);
        var costs = new ScheduleCosts([.. Enumerable.Range(0, stages).Select(i => new StageCosts(1 + (i % 3), 2, 1) { OutputBytes = 10 })])
        {
            LinkBandwidth = 100,
            LinkLatency = 0.25,
        };
        var budget = TimeSpan.FromSeconds(2);
        var took = CpuClock.Best(budget, () => ScheduleSimulator.Run(program, costs));
        Assert.True(took < budget, $"It took {took}.");
    }
}
