namespace PipelineSdk.Schedules;

/// <summary>The order in which micro-batches are taken.</summary>
public enum MicroBatchOrder
{
    /// <summary>0, 1, 2, ...: gradients are summed in the order of the mini-batch.</summary>
    Ascending,

    /// <summary>..., 2, 1, 0: the micro-batch whose forward ran last goes first, so its activations live shortest.</summary>
    Descending,
}
