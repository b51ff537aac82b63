using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Rows of a table by index: […] of integers to […, embedding_dims].</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long _paddingIndex;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFreq;
    private readonly bool _sparse;

    internal Embedding(
        Tensor table, bool learned, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
        : base(nameof(Embedding))
    {
        var rows = table.shape[0];
        if (padding_idx < -rows || padding_idx >= rows)
            throw new ArgumentException($"padding_idx is {padding_idx}, but the table has {rows} rows.", nameof(padding_idx));

        _paddingIndex = padding_idx is { } index ? index < 0 ? index + rows : index : -1;
        _maxNorm = max_norm;
        _normType = norm_type;
        _scaleGradByFreq = scale_grad_by_freq;
        _sparse = sparse;

        var parameter = new Parameter(table, learned);
        parameter.DetachFromDisposeScope();
        register_parameter(nameof(weight), parameter);
    }

    /// <summary>The table. Each read gives a new wrapper of the same native tensor.</summary>
    public Parameter? weight
    {
        get => Share(Table);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var old = Table;
            var parameter = Share(value);
            parameter.DetachFromDisposeScope();
            ConditionallyRegisterParameter(nameof(weight), parameter);
            old.Dispose();
        }
    }

    private Parameter Table => _internal_params[nameof(weight)];

    private static Parameter Share(Parameter table)
    {
        var parameter = new Parameter(Native.pst_tensor_share(table.Handle));
        GC.KeepAlive(table);
        return parameter;
    }

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } limit)
        {
            using var _ = no_grad();
            Op.Run("aten::embedding_renorm_", Table, input, limit, _normType);
        }

        return Op.Call("aten::embedding", Table, input, _paddingIndex, _scaleGradByFreq, _sparse);
    }
}
