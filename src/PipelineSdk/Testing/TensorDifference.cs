using System.Globalization;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>How two tensors differ.</summary>
/// <param name="Largest">The largest absolute difference of two elements; not a number where they can't be compared.</param>
/// <param name="Text">The rest of a sentence about them.</param>
internal readonly record struct TensorDifference(double Largest, string Text)
{
    /// <summary>Null where they are equal, or within the tolerance. Two values that are no numbers are equal.</summary>
    public static TensorDifference? Between(Tensor? expected, Tensor? actual, double? tolerance)
    {
        if (expected is null && actual is null) return null;
        if (expected is null) return new(double.NaN, "is there in the pipeline, but not in the uncut model");
        if (actual is null) return new(double.NaN, "is there in the uncut model, but not in the pipeline");
        if (!expected.shape.SequenceEqual(actual.shape) || expected.dtype != actual.dtype)
            return new(double.NaN, $"is {Describe(expected)} in the uncut model, but {Describe(actual)} in the pipeline");

        using var scope = NewDisposeScope();
        using var constant = no_grad();
        actual = actual.to(expected.device);
        if (expected.Equals(actual)) return null;
        var equal = expected.eq(actual).logical_or(expected.ne(expected).logical_and(actual.ne(actual)));
        if (equal.all().item<bool>()) return null;

        var (first, second) = (expected.to(ScalarType.Float64), actual.to(ScalarType.Float64));
        var differences = (first - second).abs().masked_fill(equal, 0);
        var largest = differences.max().item<double>();
        if (tolerance is { } allowed && largest <= allowed * Math.Max(1, first.abs().max().item<double>())) return null;
        var count = expected.numel() - equal.sum().item<long>();
        return new(largest, string.Create(CultureInfo.InvariantCulture, $"differs in {count} of {expected.numel()} element(s), by at most {largest:G3}"));
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";
}
