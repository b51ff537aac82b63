namespace TorchSharp.Utils;

/// <summary>Unsigned LEB128: seven bits a byte, the lowest first, the top bit set on all bytes but the last.</summary>
internal static class LEB128Codec
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value > 0x7f; value >>= 7) writer.Write((byte)(value | 0x80));
        writer.Write((byte)value);
    }

    public static long Decode(this BinaryReader reader)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift > 63) throw new InvalidDataException("A number in the file is longer than 64 bits: it is damaged.");
            var next = reader.ReadByte();
            value |= (long)(next & 0x7f) << shift;
            if (next <= 0x7f) return value;
        }
    }
}
