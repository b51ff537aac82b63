namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resamples the dimensions behind [N, C, …].</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="size">The sizes wanted; or</param>
            /// <param name="scale_factor">by how much each grows.</param>
            /// <param name="mode">How values between the points are found.</param>
            /// <param name="align_corners">Whether the outermost points stay where they are; false by default.</param>
            /// <param name="recompute_scale_factor">Whether the factors follow from the rounded sizes.</param>
            /// <param name="antialias">Not supported here.</param>
            /// <exception cref="ArgumentException">Size and factors both, or neither.</exception>
            /// <exception cref="NotSupportedException">A mode for another number of dimensions, or antialiasing.</exception>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is null == scale_factor is null)
                    throw new ArgumentException("Either the sizes are to be given, or the scale factors.");
                if (antialias) throw new NotSupportedException("Interpolation with antialiasing is not there.");

                if (recompute_scale_factor && scale_factor is not null)
                {
                    var shape = x.shape;
                    size = [.. scale_factor.Select((factor, dimension) => (long)Math.Floor(shape[dimension + 2] * factor))];
                    scale_factor = null;
                }

                var operation = (mode, x.ndim) switch
                {
                    (InterpolationMode.Nearest, 3) => "aten::upsample_nearest1d.vec",
                    (InterpolationMode.Nearest, 4) => "aten::upsample_nearest2d.vec",
                    (InterpolationMode.Nearest, 5) => "aten::upsample_nearest3d.vec",
                    (InterpolationMode.Linear, 3) => "aten::upsample_linear1d.vec",
                    (InterpolationMode.Bilinear, 4) => "aten::upsample_bilinear2d.vec",
                    (InterpolationMode.Bicubic, 4) => "aten::upsample_bicubic2d.vec",
                    (InterpolationMode.Trilinear, 5) => "aten::upsample_trilinear3d.vec",
                    _ => throw new NotSupportedException($"Interpolation by {mode} of {x.ndim} dimensions is not there."),
                };
                return mode == InterpolationMode.Nearest
                    ? Op.Call(operation, x, size, scale_factor)
                    : Op.Call(operation, x, size, align_corners ?? false, scale_factor);
            }
        }
    }
}
