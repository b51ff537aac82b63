namespace PipelineSdk.Schedules;

/// <summary>What <see cref="ScheduleExecution"/> asks about time.</summary>
internal interface IExecutionCosts
{
    double DurationOf(PipelineAction action);

    /// <summary>When a result that left its worker is at the neighbour's. Asked once per message, in the order of each
    /// sender.</summary>
    double ArrivalOf(PipelineAction action, double sent);
}
