using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, Singles(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(Singles(i1, i2));
            set => index_put_(value, Singles(i1, i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Singles(i1, i2, i3));
            set => index_put_(value, Singles(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Singles(i1, i2, i3, i4));
            set => index_put_(value, Singles(i1, i2, i3, i4));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var viewed = new View(this, indices);
            return viewed.Positions is { } positions ? Op.Call("aten::index.Tensor", viewed.Tensor, positions) : viewed.Take();
        }

        public Tensor index(params Tensor[] indices) => Op.Call("aten::index.Tensor", this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var viewed = new View(this, indices);
            if (viewed.Positions is { } positions) Op.Run("aten::index_put_", viewed.Tensor, positions, value, accumulate);
            else if (accumulate) Op.Run("aten::add_.Tensor", viewed.Tensor, value);
            else Op.Run("aten::copy_", viewed.Tensor, value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            InPlace("aten::index_put_", indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor number = value;
            using var typed = number.to_type(dtype);
            return index_put_(typed, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor number = value;
            using var typed = number.to_type(dtype);
            return index_put_(typed, indices, false);
        }

        private static TensorIndex[] Singles(params long[] indices) => Array.ConvertAll(indices, position => TensorIndex.Single(position));
    }
}
