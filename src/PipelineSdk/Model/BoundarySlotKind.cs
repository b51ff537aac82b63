namespace PipelineSdk.Model;

/// <summary>How the runtime treats a value that crosses a cut.</summary>
public enum BoundarySlotKind
{
    /// <summary>A tensor that is never null: detached and handed over, its gradient handed back.</summary>
    Tensor,

    /// <summary>A tensor or null.</summary>
    NullableTensor,

    /// <summary>A list of tensors.</summary>
    TensorList,

    /// <summary>A value without tensors, handed over as it is: a number, a flag, an object.</summary>
    Value,
}
