using System.Globalization;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static bool ToBoolean(this torch.Tensor value) => Op.CallBool("aten::is_nonzero", value);

    public static byte ToByte(this torch.Tensor value) => checked((byte)Whole(value));

    public static sbyte ToSByte(this torch.Tensor value) => checked((sbyte)Whole(value));

    public static short ToInt16(this torch.Tensor value) => checked((short)Whole(value));

    public static int ToInt32(this torch.Tensor value) => checked((int)Whole(value));

    public static long ToInt64(this torch.Tensor value) => Whole(value);

    public static float ToSingle(this torch.Tensor value) => (float)value.ToScalar().ToDouble();

    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();

    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor, tensor.requires_grad);

    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new NotImplementedException($"The size of {type} is not known."),
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static string metastr(this torch.Tensor tensor) => tensor.ToString();

    public static string str(
        this torch.Tensor tensor,
        string? fltFormat = null,
        int? width = null,
        string? newLine = null,
        CultureInfo? cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default) => tensor.ToString(style, fltFormat, width, cultureInfo, newLine);

    public static string npstr(
        this torch.Tensor tensor,
        string? fltFormat = "g5",
        int? width = 100,
        string? newLine = null,
        CultureInfo? cultureInfo = null) => tensor.ToString(TensorStringStyle.Numpy, fltFormat, width, cultureInfo, newLine);

    public static torch.Tensor print(
        this torch.Tensor t,
        string? fltFormat = "g5",
        int? width = 100,
        string? newLine = null,
        CultureInfo? cultureInfo = null,
        TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.WriteLine(t.ToString(style, fltFormat, width, cultureInfo, newLine));
        return t;
    }

    private static long Whole(torch.Tensor value) => value.ToScalar().ToInt64();
}
