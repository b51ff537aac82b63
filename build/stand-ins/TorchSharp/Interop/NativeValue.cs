namespace TorchSharp;

/// <summary>One argument or result as the shim sees it. Lists: Length elements at Bits; a device: its type in Bits, its index in Length.</summary>
internal struct NativeValue
{
    public ValueKind Kind;
    public int Length;
    public long Bits;
}
