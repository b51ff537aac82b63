using System.Reflection;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class ScheduleCatalogTests
{
    [Fact]
    public void EveryScheduleIsFoundByItsName() =>
        Assert.All(ScheduleCatalog.All, schedule => Assert.Same(schedule, ScheduleCatalog.Get(schedule.Name)));

    [Fact]
    public void EveryConstantIsTheNameOfTheScheduleInThePropertyOfTheSameName()
    {
        var constants = typeof(ScheduleNames).GetFields().ToDictionary(field => field.Name, field => (string?)field.GetRawConstantValue());
        var schedules = typeof(PipelineSchedule).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(property => property.Name, property => ((PipelineSchedule?)property.GetValue(null))?.Name);
        Assert.Equal(schedules.OrderBy(item => item.Key), constants.OrderBy(item => item.Key));
    }

    [Theory]
    [InlineData("gpipe", "GPipe")]
    [InlineData("OneForwardOneBackward", "1F1B")]
    [InlineData("zb_h1", "ZB-H1")]
    [InlineData("ZB1P", "ZB-H1")]
    [InlineData("ZBVZeroBubble", "ZB-V")]
    [InlineData("looped bfs", "LoopedBFS")]
    [InlineData("interleaved-1f1b", "Interleaved1F1B")]
    [InlineData("PipeDream-2BW/12", "PipeDream-2BW/12")]
    public void NamesAreReadAsPeopleWriteThem(string written, string name) => Assert.Equal(name, ScheduleCatalog.Get(written).Name);

    [Theory]
    [InlineData("1F1C", "Did you mean 1F1B?")]
    [InlineData("GPip", "Did you mean GPipe?")]
    [InlineData("", "There are: Sequential, GPipe,")]
    [InlineData("PipeDream-2BW/0", "There is no schedule 'PipeDream-2BW/0'.")]
    [InlineData("PipeDream-2BW/x", "There is no schedule 'PipeDream-2BW/x'.")]
    public void AnUnknownNameIsRefusedWithTheKnownOnes(string name, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => ScheduleCatalog.Get(name)).Message, StringComparison.Ordinal);
}
