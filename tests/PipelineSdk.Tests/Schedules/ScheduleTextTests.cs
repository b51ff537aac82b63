using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Schedules;
using Xunit;
using static System.FormattableString;

namespace PipelineSdk.Tests.Schedules;

public sealed class ScheduleTextTests
{
    private static readonly char[] Alphabet = [.. "0123456789FBIWU@ ,;()#\n\r\tx\uFEFF"];

    [Fact]
    public void ATextReadsAsItWasWritten() => ForAll(ScheduleGenerators.Programs(), program =>
    {
        var read = ScheduleText.Parse(ScheduleText.Format(program), program.ScheduleName);
        AssertSame(program, read);
    });

    [Fact]
    public void APyTorchCsvReadsAsItWasWritten() => ForAll(
        ScheduleGenerators.Programs().Where(program => !program.IsAsynchronous),
        program => AssertSame(program, PyTorchScheduleCsv.Parse(PyTorchScheduleCsv.Format(program), program.ScheduleName)));

    [Fact]
    public void ATextForPeopleMayHaveCommentsAndEmptyLines()
    {
        var program = ScheduleText.Parse("# two workers\n\n  0F0\t0B0  # the first\r\n\r\n1F0 1B0");
        Assert.Equal(new ScheduleShape(2, 2, 1), program.Shape);
        Assert.Equal("0F0 0B0", string.Join(' ', program.Workers[0]));
        Assert.Equal("1F0 1B0", string.Join(' ', program.Workers[1]));
    }

    [Fact]
    public void OwnersFollowFromTheLines()
    {
        var program = ScheduleText.Parse("0F0 3F0 3B0 0B0\n1F0 2F0 2B0 1B0");
        Assert.Equal([0, 1, 1, 0], Enumerable.Range(0, 4).Select(program.WorkerOf));
        Assert.Equal([2, 2], ScheduleCheck.Verify(program).PeakInFlight);
    }

    [Fact]
    public void PyTorchsIdleCellsAndOverlappedPairsAreRead()
    {
        var program = PyTorchScheduleCsv.Parse("0F0,0F1,,,3F0,3B0,(3F1;0B0)OVERLAP_F_B,3B1,,0B1\r\n,1F0,2F0,(1F1;2B0)OVERLAP_F_B,2F1,1B0,2B1,1B1,\r\n");
        Assert.Equal("0F0 0F1 3F0 3B0 3F1 0B0 3B1 0B1", string.Join(' ', program.Workers[0]));
        Assert.Equal("1F0 2F0 1F1 2B0 2F1 1B0 2B1 1B1", string.Join(' ', program.Workers[1]));
        ScheduleCheck.Verify(program);
    }

    [Fact]
    public void AProgramWithUpdatesHasNoPyTorchCsv() =>
        Assert.Throws<ArgumentException>(() => PyTorchScheduleCsv.Format(PipelineSchedule.PipeDream.Build(new(2, 2, 2))));

    [Theory]
    [InlineData("", 1, 1, "There are no actions")]
    [InlineData("# nothing\n\n", 3, 1, "There are no actions")]
    [InlineData("0F0 0X0", 1, 6, "Expected the kind of an action, one of F, B, I, W and U, found 'X'")]
    [InlineData("0F0\n0F", 2, 3, "Expected a micro-batch, a number such as 0, found the end of the text")]
    [InlineData("0F0 F1", 1, 5, "Expected a stage, a number such as 0, found 'F'")]
    [InlineData("0F0-1", 1, 4, "Expected a blank after the action, found '-'")]
    [InlineData("0F0,0B0", 1, 4, "Expected a blank after the action, found ','")]
    [InlineData("0F12345678901", 1, 12, "Expected a micro-batch of at most nine digits")]
    [InlineData("0F0@ 0B0", 1, 5, "Expected a version of the weights, a number such as 0, found ' '")]
    [InlineData("0F0 0B999999999", 1, 7, "There are only 2 actions in all, too few for micro-batch 999999999")]
    [InlineData("0F0 0B0\n7F0 7B0", 2, 5, "too few for stage 7")]
    [InlineData("0F0 0B0 0F1 0B1\n2F0 2B0", 2, 5, "no action of stage 1")]
    [InlineData("0F0 1F0\n0B0 1B0", 2, 4, "Stage 0 is already worker 0's, in line 1")]
    [InlineData("(0F0;0B0)OVERLAP", 1, 17, "Expected ')OVERLAP_F_B', found the end of the text")]
    [InlineData("(0F0 0B0)OVERLAP_F_B", 1, 5, "Expected ';', found ' '")]
    public void AMalformedTextIsRefusedWithLineAndColumn(string text, int line, int column, string reason)
    {
        var error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse(text));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith(Invariant($"Line {line}, column {column}: "), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommunicationInACsvIsRefused()
    {
        var error = Assert.Throws<ScheduleFormatException>(() => PyTorchScheduleCsv.Parse("0F0,0SEND_F0\n"));
        Assert.Equal((1, 6), (error.Line, error.Column));
    }

    [Fact]
    public void NoTextMakesAReaderFailInAnyOtherWay() => ForAll(
        Gen.Elements(Alphabet).ArrayOf().Select(chars => new string(chars)),
        text =>
        {
            Fuzz(() => ScheduleText.Parse(text));
            Fuzz(() => PyTorchScheduleCsv.Parse(text));
        });

    [Fact]
    public void NoDamageToAGoodTextMakesAReaderFailInAnyOtherWay() => ForAll(
        from program in ScheduleGenerators.Programs(6)
        let text = ScheduleText.Format(program)
        from at in Gen.Choose(0, text.Length - 1)
        from c in Gen.Elements(Alphabet)
        from length in Gen.Choose(0, 3)
        select text[..at] + c + text[Math.Min(text.Length, at + length)..],
        text => Fuzz(() => ScheduleText.Parse(text)));

    [Fact]
    public void AScheduleReadFromTextIsOneAsAnyOther()
    {
        PipelineSchedule schedule = new FixedSchedule(ScheduleText.Parse("0F0 0F1 0B1 0B0\n1F0 1F1 1B1 1B0", "mine"));
        Assert.Equal("mine", schedule.Name);
        Assert.Equal("1F0 1F1 1B1 1B0", string.Join(' ', schedule.Build(new(2, 2, 2)).Workers[1]));
        var error = Assert.Throws<ArgumentException>(() => schedule.Build(new(2, 2, 4)));
        Assert.Contains("mine is one program for 2 workers, 2 stages, 2 micro-batches", error.Message, StringComparison.Ordinal);
        Assert.Throws<ScheduleException>(() => new FixedSchedule(ScheduleText.Parse("0B0 0F0")));
    }

    [Fact]
    public void AScheduleWrittenInCSharpNeedsANameAndABuild()
    {
        var schedule = new EagerSchedule();
        var proof = ScheduleCheck.Verify(schedule.Build(new(1, 1, 3)));
        Assert.Equal([1], proof.PeakInFlight);
        Assert.Equal(3, schedule.NearestShapes(new(1, 1, 3)).Count);
    }

    private static void Fuzz(Func<ScheduleProgram> read)
    {
        ScheduleProgram program;
        try
        {
            program = read();
        }
        catch (ScheduleFormatException)
        {
            return;
        }

        var (proof, error) = ScheduleCheck.TryVerify(program);
        Assert.True(proof is null != error is null);
        AssertSame(program, ScheduleText.Parse(ScheduleText.Format(program)));
    }

    private static void AssertSame(ScheduleProgram expected, ScheduleProgram actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Workers, actual.Workers);
        Assert.Equal(Enumerable.Range(0, expected.Shape.Stages).Select(expected.WorkerOf), Enumerable.Range(0, actual.Shape.Stages).Select(actual.WorkerOf));
    }

    private static void ForAll<T>(Gen<T> generator, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(generator.ToArbitrary(), property));

    private sealed class EagerSchedule : PipelineSchedule
    {
        public override string Name => "eager";

        public override ScheduleProgram Build(ScheduleShape shape) => new(
            Name, shape, [0], [[.. Enumerable.Range(0, shape.MicroBatches).SelectMany(i => new PipelineAction[] { new(0, ActionKind.Forward, i), new(0, ActionKind.Backward, i) })]]);
    }
}
