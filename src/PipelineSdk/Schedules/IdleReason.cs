namespace PipelineSdk.Schedules;

/// <summary>Why a worker is idle; <see cref="IdleTime"/> says how they are told apart.</summary>
public enum IdleReason
{
    /// <summary>The pipeline fills: nothing has reached the worker yet.</summary>
    Fill,

    /// <summary>The pipeline drains: the worker is done.</summary>
    Drain,

    /// <summary>The order of the schedule makes it wait.</summary>
    Dependency,

    /// <summary>Another stage takes longer.</summary>
    Imbalance,

    /// <summary>The message is on its way.</summary>
    Transfer,

    /// <summary>The link has no room for its result.</summary>
    LinkFull,

    /// <summary>An action took longer than is typical of its stage. Only in what was measured: the simulator's actions do not vary.</summary>
    Variation,

    /// <summary>Neither work nor waiting: before, between and after actions. Only in what was measured.</summary>
    Host,
}
