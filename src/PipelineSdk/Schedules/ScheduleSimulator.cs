using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Runs a program on paper: every action as soon as its worker is free and its input is there.</summary>
/// <remarks>
/// Deterministic, and linear in the number of actions. A worker does one action at a time; a message leaves when the action ends,
/// takes the link's latency and what its size costs, and does not keep its sender from working unless the link is full.
/// </remarks>
public static class ScheduleSimulator
{
    /// <summary>Simulates one step.</summary>
    /// <exception cref="ArgumentException">The costs are for another number of stages.</exception>
    /// <exception cref="ScheduleException">The program cannot run: see <see cref="ScheduleCheck"/>.</exception>
    public static ScheduleSimulation Run(ScheduleProgram program, ScheduleCosts costs)
    {
        Guard.NotNull(program, nameof(program));
        Guard.NotNull(costs, nameof(costs));
        if (costs.Stages.Count != program.Shape.Stages)
        {
            throw new ArgumentException(
                Invariant($"There are costs for {costs.Stages.Count} stages, but the program has {program.Shape.Stages}."),
                nameof(costs));
        }

        var index = new ProgramIndex(program);
        ScheduleCheck.CheckOrder(index);
        var execution = new ScheduleExecution(index, new SimulatedTimes(index, costs), costs.LinkCapacity);
        return execution.Run()
            ? new ScheduleSimulation(index, execution, costs)
            : throw ScheduleCheck.Stuck(index, execution, costs.LinkCapacity);
    }
}
