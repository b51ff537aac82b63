namespace TorchSharp;

public static partial class torch
{
    /// <summary>One element of an index expression: a slice, a position, a new axis, an ellipsis, a flag or a tensor of positions.</summary>
    public struct TensorIndex
    {
        public static TensorIndex Ellipsis = new(Form.Ellipsis);
        public static TensorIndex None = new(Form.NewAxis);
        public static TensorIndex Null = new(Form.NewAxis);
        public static TensorIndex Colon = new(Form.Slice);

        internal readonly Form Kind;
        internal readonly long? Start;
        internal readonly long? Stop;
        internal readonly long? Step;
        internal readonly Tensor? Positions;

        private TensorIndex(Form kind, long? start = null, long? stop = null, long? step = null, Tensor? positions = null)
        {
            Kind = kind;
            Start = start;
            Stop = stop;
            Step = step;
            Positions = positions;
        }

        internal enum Form
        {
            Slice,
            Single,
            NewAxis,
            Ellipsis,
            Flag,
            Tensor,
        }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(From(index));

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Form.Slice, start, stop, step);

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        // `..^0` means up to the end, which as a negative stop would be zero.
        public static TensorIndex Slice(Range range) => Slice(From(range.Start), range.End.Equals(Index.End) ? null : From(range.End));

        public static TensorIndex Bool(bool value) => new(Form.Flag, value ? 1 : 0);

        public static TensorIndex Single(long? index) => new(Form.Single, index);

        public static TensorIndex Tensor(Tensor tensor) => new(Form.Tensor, positions: tensor);

        private static long From(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
