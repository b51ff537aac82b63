namespace PipelineSdk.Schedules;

/// <summary>A schedule that is one program, for one shape: read from text, or written out by hand.</summary>
public sealed class FixedSchedule : PipelineSchedule
{
    private readonly ScheduleProgram program;

    /// <summary>Proves the program and takes it as a schedule.</summary>
    /// <exception cref="ScheduleException">The program is wrong; the message shows where.</exception>
    public FixedSchedule(ScheduleProgram program)
    {
        this.program = Guard.NotNull(program, nameof(program));
        ScheduleCheck.Verify(program);
    }

    /// <inheritdoc/>
    public override string Name => program.ScheduleName;

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => Guard.NotNull(shape, nameof(shape)) == program.Shape
        ? null
        : $"{Name} is one program for {program.Shape}, not for {shape}.";

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        return program;
    }
}
