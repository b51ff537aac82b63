using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

public sealed class PlanFileTests
{
    private const string Text = """
        {
          "format": "pipelinesdk-plan",
          "version": 1,
          "model": "Net",
          "unit": "ms",
          "samples": 4,
          "actionOverhead": 0.25,
          "schedule": { "name": "1F1B", "workers": 2, "microBatches": 8 },
          "predicted": {
            "makespan": 12.5,
            "flushBubble": 0.1,
            "peakBytes": [100, 200]
          },
          "stages": [
            { "worker": 0, "segments": ["stem, \"layer1\""] },
            { "worker": 1, "segments": ["layer2", "head"] }
          ],
          "costs": [
            { "name": "stem, \"layer1\"", "forward": 1, "inputGradient": 1.1, "weightGradient": 0.9, "outputBytes": 5, "activationBytes": 6, "parameterBytes": 7, "stateBytes": 8 },
            { "name": "layer2", "forward": 0.1, "inputGradient": 0, "weightGradient": 0, "outputBytes": 0, "activationBytes": 0, "parameterBytes": 0, "stateBytes": 0, "pinnedStage": 1, "canCutAfter": false },
            { "name": "head", "forward": 1E-05, "inputGradient": 0, "weightGradient": 0, "outputBytes": 0, "activationBytes": 0, "parameterBytes": 9007199254740993, "stateBytes": 0 }
          ]
        }

        """;

    [Fact]
    public void APlanIsWrittenExactlyAsItWasRead()
    {
        string text = Text.ReplaceLineEndings("\n");
        Assert.Equal(text, PlanFile.Format(PlanFile.Parse(text)));
    }

    [Fact]
    public void APlanSaysWhatItsTextSays()
    {
        var plan = PlanFile.Parse(Text);
        Assert.Equal(("Net", 4, "ms", 0.25), (plan.Profile.Model, plan.Profile.Samples, plan.Profile.Unit, plan.Profile.ActionOverhead));
        Assert.Same(PipelineSchedule.OneForwardOneBackward, plan.Schedule);
        Assert.Equal(new ScheduleShape(2, 2, 8), plan.Shape);
        Assert.Equal([new PlannedStage(0, 0, 1), new(1, 1, 3)], plan.Stages);
        Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(plan.StageOf));
        Assert.Equal((12.5, 0.1), (plan.Predicted.Makespan, plan.Predicted.FlushBubble));
        Assert.Equal(9007199254740993, plan.Profile.Segments[2].ParameterBytes);
        Assert.Equal((1, false), (plan.Profile.Segments[1].PinnedStage!.Value, plan.Profile.Segments[1].CanCutAfter));
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", 3, 14, "The plan is of version 2; this PipelineSdk reads up to version 1")]
    [InlineData("\"version\": 1", "\"version\": \"1\"", 3, 14, "Expected a number, found a string")]
    [InlineData("pipelinesdk-plan", "other", 2, 13, "This is no plan: its format is \"other\"")]
    [InlineData("\"1F1B\"", "\"1F1X\"", 8, 15, "There is no schedule '1F1X'. Did you mean 1F1B?")]
    [InlineData("\"1F1B\"", "\"ZB-V\"", 8, 15, "2 workers need 4 stages, not 2.")]
    [InlineData("\"workers\": 2", "\"workers\": 3", 8, 15, "The schedule has 3 workers, but the stages are on 2")]
    [InlineData("\"microBatches\": 8", "\"microBatches\": 0", 8, 63, "Expected a whole number from 1 on, found 0")]
    [InlineData("\"makespan\": 12.5", "\"makespan\": -1", 10, 17, "Expected a number of at least 0, found -1")]
    [InlineData("[100, 200]", "[100]", 8, 15, "There are peaks of 1 workers, but 2 workers")]
    [InlineData("[\"layer2\", \"head\"]", "[\"layer2\"]", 8, 15, "The stages hold 2 of 3 segments")]
    [InlineData("[\"layer2\", \"head\"]", "[\"layer3\", \"head\"]", 16, 33, "Segment 1 is 'layer3' here, but 'layer2' among the costs")]
    [InlineData("[\"layer2\", \"head\"]", "[\"layer2\", \"head\", \"tail\"]", 16, 51, "There are costs of 3 segments, so 'tail' is one too many")]
    [InlineData("\"worker\": 1", "\"worker\": 5", 8, 15, "have a worker below 2")]
    [InlineData("\"unit\"", "\"units\"", 1, 1, "The property \"unit\" is missing")]
    [InlineData("\"samples\": 4,", "\"samples\": 4, \"sample\": 4,", 6, 27, "There is no property \"sample\" here")]
    [InlineData("\"samples\": 4,", "\"samples\": 4, \"samples\": 4,", 6, 17, "The property \"samples\" is there twice")]
    [InlineData("\"samples\": 4,", "\"samples\": 4", 7, 3, "Expected ',' or '}', found '\"'")]
    [InlineData("\"canCutAfter\": false", "\"canCutAfter\": flase", 20, 193, "Expected a value, found 'f'")]
    [InlineData("\"canCutAfter\": false", "\"canCutAfter\": 0", 20, 193, "Expected true or false, found 0")]
    [InlineData("\"unit\": \"ms\"", "\"unit\": \"m\\qs\"", 5, 14, "Expected an escape sequence, found 'q'")]
    [InlineData("\"unit\": \"ms\"", "\"unit\": \"ms", 5, 15, "Expected the end of the string, found the end of the line")]
    [InlineData("\"samples\": 4", "\"samples\": 04", 6, 15, "Expected ',' or '}', found '4'")]
    [InlineData("\"samples\": 4", "\"samples\": 4.5", 6, 14, "Expected a whole number from 1 on, found 4.5")]
    [InlineData("\"forward\": 1,", "\"forward\": 1e999,", 19, 46, "Expected a number of at least 0, found 1e999")]
    public void AFaultIsShownWithLineAndColumn(string good, string bad, int line, int column, string reason)
    {
        string text = Text.ReplaceLineEndings("\n").Replace(good, bad, StringComparison.Ordinal);
        var error = Assert.Throws<PlanFormatException>(() => PlanFile.Parse(text));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("", "Expected a value, found the end of the text")]
    [InlineData("[1, 2", "Expected ',' or ']', found the end of the text")]
    [InlineData("{} x", "Expected the end of the text, found 'x'")]
    [InlineData("[]", "Expected an object, found an array")]
    [InlineData("[1,]", "Expected a value after the comma")]
    public void WhatIsNoJsonIsRefused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<PlanFormatException>(() => PlanFile.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepNestingIsRefusedAndNotRunInto() =>
        Assert.Throws<PlanFormatException>(() => PlanFile.Parse(new string('[', 100_000)));

    [Fact]
    public void AStalePlanNamesTheDifference()
    {
        var plan = PlanFile.Parse(Text);
        string[] names = ["stem, \"layer1\"", "layer2", "head"];
        Assert.Null(plan.DifferenceFrom("Net", names));
        Assert.Equal("The plan is for the model Net, not for Other.", plan.DifferenceFrom("Other", names));
        Assert.Equal(
            "Segment 1 is 'layer2' in the plan, but 'layer2b' in the model: it was renamed or replaced.",
            plan.DifferenceFrom("Net", [names[0], "layer2b", "head"]));
        Assert.Equal(
            "Segment 1 is 'layer2' in the plan, but 'head' in the model: 'layer2' is no longer in the model.", plan.DifferenceFrom("Net", [names[0], "head"]));
        Assert.Equal(
            "Segment 1 is 'layer2' in the plan, but 'extra' in the model: 'extra' is not in the plan.",
            plan.DifferenceFrom("Net", [names[0], "extra", "layer2", "head"]));
        Assert.Equal(
            "Segment 1 is 'layer2' in the plan, but 'head' in the model: the order has changed.", plan.DifferenceFrom("Net", [names[0], "head", "layer2"]));
        Assert.Equal("The model has 4 segments, the plan 3: 'extra' is not in the plan.", plan.DifferenceFrom("Net", [.. names, "extra"]));
        Assert.Equal("The model has 2 segments, the plan 3: 'head' is no longer in the model.", plan.DifferenceFrom("Net", names[..2]));
    }

    [Fact]
    public void AFileKeepsAPlanAndAFaultNamesTheFile()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + PipelinePlan.FileExtension);
        try
        {
            PlanFile.Parse(Text).Save(path);
            Assert.Equal(Text.ReplaceLineEndings("\n"), File.ReadAllText(path));
            Assert.Equal(Text.ReplaceLineEndings("\n"), PlanFile.Format(PipelinePlan.Load(path)));

            File.WriteAllText(path, "{\n}");
            var error = Assert.Throws<PlanFormatException>(() => PipelinePlan.Load(path));
            Assert.StartsWith(path + ": Line 1, column 1: The property \"format\" is missing", error.Message, StringComparison.Ordinal);
            Assert.Equal((1, 1), (error.Line, error.Column));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => PipelinePlan.Load(path));
    }

    [Fact]
    public void AFileThatCantBeReplacedStaysAsItWasAndNothingIsLeftBesideIt()
    {
        string folder = Directory.CreateTempSubdirectory("plan").FullName;
        try
        {
            string path = Path.Combine(folder, "made", "net" + PipelinePlan.FileExtension);
            PipelinePlan plan = PlanFile.Parse(Text);
            plan.Save(path);
            byte[] before = File.ReadAllBytes(path);
            Assert.NotEqual(0xEF, before[0]);

            Assert.Throws<InvalidOperationException>(() => PipelinePlan.Auto.Save(path));
            Assert.Equal(before, File.ReadAllBytes(path));

            // A folder of the name can't be replaced by a file.
            Assert.ThrowsAny<IOException>(() => plan.Save(Path.GetDirectoryName(path)!));
            plan.Save(path);
            Assert.Equal([path], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ThePlanToBeMadeHasNoPartsOfItsOwn()
    {
        var plan = PipelinePlan.Auto;
        Assert.True(plan.IsAuto);
        Assert.False(PlanFile.Parse(Text).IsAuto);
        Func<object>[] parts = [() => plan.Profile, () => plan.Schedule, () => plan.Shape, () => plan.Stages, () => plan.Predicted, () => PlanFile.Format(plan)];
        Assert.All(parts, part => Assert.Contains("PipelinePlan.Auto stands for", Assert.Throws<InvalidOperationException>(part).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPlanReadsAsItWasWritten() => ForAll(
        from segments in Gen.Choose(1, 12).SelectMany(count => PartitionGenerators.Segments(count, 1))
        from names in Gen.Elements("a", "layer, \"x\"", "ü\n\t\\", "\u2028").ArrayOf(segments.Length)
        from workers in Gen.Choose(1, 4)
        from schedule in Gen.Elements(ScheduleCatalog.All.ToArray())
        from times in Gen.Choose(0, 1_000_000).ArrayOf(2)
        let shape = schedule.NearestShapes(new(workers, workers, 4), 1)[0]
        where shape.Stages <= segments.Length
        select Plan(schedule, shape, [.. segments.Select((s, i) => s with { Name = names[i], Forward = s.Forward / 7 })], times),
        plan =>
        {
            string text = PlanFile.Format(plan);
            var read = PlanFile.Parse(text);
            Assert.Equal(text, PlanFile.Format(read));
            Assert.Equal(plan.Profile.Segments, read.Profile.Segments);
            Assert.Equal(plan.Stages, read.Stages);
            Assert.Equal(plan.Shape, read.Shape);
        });

    [Fact]
    public void NoDamageMakesTheReaderFailInAnyOtherWay() => ForAll(
        from at in Gen.Choose(0, Text.Length - 1)
        from length in Gen.Choose(0, 12)
        from inserted in Gen.Elements("", "\"", "{", "}", "[", "]", ",", ":", "0", "-", "9999999999", "null", "\\u00", "x", "\0")
        select Text[..at] + inserted + Text[Math.Min(Text.Length, at + length)..],
        text =>
        {
            try
            {
                PlanFile.Parse(text);
            }
            catch (PlanFormatException error)
            {
                Assert.True(error.Line > 0 && error.Column > 0);
            }
        });

    private static PipelinePlan Plan(PipelineSchedule schedule, ScheduleShape shape, SegmentCosts[] segments, int[] times)
    {
        var program = schedule.Build(shape);
        var stages = Enumerable.Range(0, shape.Stages)
            .Select(s => new PlannedStage(program.WorkerOf(s), s, s == shape.Stages - 1 ? segments.Length : s + 1)).ToArray();
        return new(
            new("Net", 3, segments) { ActionOverhead = times[0] / 3.0 }, schedule.Name, shape.MicroBatches, stages,
            new(times[1] / 7.0, 0.5, [.. Enumerable.Range(0, shape.Workers).Select(w => (long)w)]));
    }

    private static void ForAll<T>(Gen<T> generator, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(generator.ToArbitrary(), property));
}
