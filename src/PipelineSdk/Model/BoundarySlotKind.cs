namespace PipelineSdk.Model;

/// <summary>How the runtime treats a value that crosses a cut.</summary>
public enum BoundarySlotKind
{
    /// <summary>A tensor that is never null: detached and handed over, its gradient handed back.</summary>
    Tensor,

    /// <summary>A tensor or null.</summary>
    NullableTensor,

    /// <summary>
    /// An array, list, dictionary or other collection with tensors in its elements; or null. A copy of the collection arrives, with the
    /// same order and the same comparer.
    /// </summary>
    TensorCollection,

    /// <summary>The boundary of a submodule that is itself a pipeline class, with the tensors in it.</summary>
    Nested,

    /// <summary>A value without tensors, handed over as it is: a number, a flag, an object.</summary>
    Value,
}
