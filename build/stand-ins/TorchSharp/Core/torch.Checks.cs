namespace TorchSharp;

public static partial class torch
{
    public static string __version__ => typeof(torch).Assembly.GetName().Version!.ToString(3);

    public static ScalarType promote_types(ScalarType type1, ScalarType type2)
    {
        using var left = zeros([1], type1);
        using var right = zeros([1], type2);
        return result_type(left, right);
    }

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) =>
        (ScalarType)Op.CallLong("aten::result_type.Tensor", tensor1, tensor2);

    public static bool can_cast(ScalarType from, ScalarType to) => Op.CallBool("aten::can_cast", from, to);

    public static void _assert(bool condition, string message)
    {
        if (!condition) throw new InvalidOperationException(message);
    }

    public static void _assert(Func<bool> condition, string message) => _assert(condition(), message);
}
