namespace TorchSharp;

/// <summary>What a <see cref="NativeValue"/> or an <see cref="Arg"/> holds; the numbers are those of the shim.</summary>
internal enum ValueKind
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    String,
    IntList,
    DoubleList,
    BoolList,
    TensorList,
    Device,
    Generator,
    Complex,
}
