namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// What an index expression selects, as in NumPy: a chain of views of the tensor and, where tensors of positions take part, those
        /// per dimension of the last view. Intermediate views end with it; the last one too unless taken.
        /// </summary>
        private sealed class View : IDisposable
        {
            private readonly Tensor origin;
            private readonly List<Tensor> masks = [];
            private bool taken;

            public View(Tensor origin, TensorIndex[] indices)
            {
                this.origin = Tensor = origin;
                var spent = indices.Sum(index => index.Kind switch
                {
                    TensorIndex.Form.Slice or TensorIndex.Form.Single => 1,
                    TensorIndex.Form.Tensor => index.Positions!.dtype is ScalarType.Bool or ScalarType.Byte ? index.Positions!.ndim : 1,
                    _ => 0L,
                });
                if (spent > origin.ndim)
                    throw new IndexOutOfRangeException($"too many indices for tensor of dimension {origin.ndim}");
                var positions = new List<Tensor?>();
                var dim = 0;
                foreach (var index in indices)
                {
                    switch (index.Kind)
                    {
                        case TensorIndex.Form.Single:
                            Step(Op.Call("aten::select.int", Tensor, dim, index.Start));
                            break;
                        case TensorIndex.Form.Slice:
                            if (index.Start is not null || index.Stop is not null || index.Step is not null)
                                Step(Op.Call("aten::slice.Tensor", Tensor, dim, index.Start, index.Stop, index.Step ?? 1));
                            dim++;
                            break;
                        case TensorIndex.Form.Ellipsis:
                            dim += (int)(origin.ndim - spent);
                            break;
                        case TensorIndex.Form.NewAxis:
                            Step(Op.Call("aten::unsqueeze", Tensor, dim++));
                            break;
                        case TensorIndex.Form.Flag:
                            Step(Op.Call("aten::unsqueeze", Tensor, dim));
                            masks.Add(tensor(index.Start != 0));
                            Place(positions, dim++, masks[^1]);
                            break;
                        case TensorIndex.Form.Tensor:
                            var given = index.Positions!;
                            Place(positions, dim, given);
                            dim += given.dtype is ScalarType.Bool or ScalarType.Byte ? (int)given.ndim : 1;
                            break;
                    }
                }

                if (positions.Count > 0) Positions = [.. positions];
            }

            public Tensor Tensor { get; private set; }

            public Tensor?[]? Positions { get; }

            /// <summary>The last view as the caller's own; of no index at all, a new wrapper of the tensor.</summary>
            public Tensor Take()
            {
                taken = true;
                return ReferenceEquals(Tensor, origin) ? origin.alias() : Tensor;
            }

            public void Dispose()
            {
                if (!taken && !ReferenceEquals(Tensor, origin)) Tensor.Dispose();
                masks.ForEach(mask => mask.Dispose());
            }

            private static void Place(List<Tensor?> positions, int dim, Tensor tensor)
            {
                while (positions.Count < dim) positions.Add(null);
                positions.Add(tensor);
            }

            private void Step(Tensor next)
            {
                if (!ReferenceEquals(Tensor, origin)) Tensor.Dispose();
                Tensor = next;
            }
        }
    }
}
