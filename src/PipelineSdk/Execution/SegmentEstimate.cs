using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Execution;

/// <summary>What segments cost, from the shapes of their parameters alone: good enough to cut by, until there is a profile.</summary>
/// <remarks>
/// <para>A weight is taken to be used once per sample. The weights of a convolution are used at every position, and how many those are
/// the model does not say; but networks are built so that the number of channels doubles where height and width halve (He et al., 2016,
/// section 3.3). So the convolutions with the most channels are taken to work on maps of size 4 in every dimension, and others on
/// maps as much larger as they have fewer channels. A table of embeddings is looked up, not multiplied.</para>
/// <para>Activations are the outputs of layers with weights; what has no parameters costs nothing.</para>
/// </remarks>
internal static class SegmentEstimate
{
    /// <summary>The size, in every dimension, of the maps with the most channels.</summary>
    private const double SmallestMap = 4;

    /// <summary>Maps are taken to be at most this much larger: a layer with a single channel is not a reason to expect huge ones.</summary>
    private const double LargestRatio = 32;

    /// <summary>An estimate for one sample, in arithmetic operations.</summary>
    public static ModelProfile Of<TModel>(PipelineBlueprint<TModel> blueprint, TModel model)
        where TModel : torch.nn.Module
    {
        var segments = blueprint.SegmentsOf(model);
        var layers = segments.Select(segment => Layers(model, segment)).ToList();
        var mostChannels = layers.SelectMany(found => found).Select(layer => layer.Channels).DefaultIfEmpty(1).Max();
        var canCut = CutPlaces.Of(model, segments);
        var trains = false;
        var outputs = 0L;
        var costs = new List<SegmentCosts>();
        for (var i = 0; i < segments.Count; i++)
        {
            trains |= layers[i].Any(layer => layer.Weight.requires_grad);
            // What computes nothing that is counted hands on as much as it gets.
            outputs = layers[i].Select(layer => layer.Outputs(mostChannels)).LastOrDefault(elements => elements > 0, outputs);
            costs.Add(Costs(segments[i].Name, layers[i], mostChannels, outputs, trains) with { CanCutAfter = canCut[i] });
        }

        return new ModelProfile(blueprint.ModelName, samples: 1, costs) { Unit = "operations" };
    }

    private static SegmentCosts Costs(string name, List<Layer> layers, long mostChannels, long outputs, bool trains)
    {
        var elementSize = layers.Count == 0 ? sizeof(float) : (int)layers.Max(layer => layer.Weight.element_size());
        var costs = CostEstimate.FromCounts(
            name, samples: 1, layers.Sum(layer => layer.Uses(mostChannels)), layers.Sum(layer => layer.Outputs(mostChannels)), outputs, elementSize);
        var trainable = layers.Where(layer => layer.Weight.requires_grad).ToList();
        return costs with
        {
            InputGradient = trains ? costs.InputGradient : 0,
            WeightGradient = 2.0 * trainable.Sum(layer => layer.Uses(mostChannels)),
            ParameterBytes = layers.Sum(layer => ByteCount.Of(layer.Weight)),
            StateBytes = trainable.Sum(layer => ByteCount.Of(layer.Weight)),
        };
    }

    private static List<Layer> Layers<TModel>(TModel model, PipelineSegment<TModel> segment)
        where TModel : torch.nn.Module
    {
        var members = new SegmentMembers();
        segment.CollectMembers(model, members);
        var layers = members.Parameters.Select(entry => new Layer(null, entry.Parameter)).ToList();
        var seen = new HashSet<torch.nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var (_, module) in members.Modules) Add(module);
        return layers;

        void Add(torch.nn.Module module)
        {
            if (!seen.Add(module)) return;
            layers.AddRange(module.named_parameters(recurse: false).Select(entry => new Layer(module, entry.parameter)));
            foreach (var (_, child) in module.named_children()) Add(child);
        }
    }

    /// <summary>A parameter and the module whose own it is.</summary>
    private sealed record Layer(torch.nn.Module? Module, Parameter Weight)
    {
        private bool IsKernel => Module is Convolution && Weight.ndim > 2;

        private bool IsTable => Module is Embedding;

        /// <summary>Channels of a convolution, of its input or its output, whichever are more; 1 of anything else.</summary>
        public long Channels => IsKernel ? Math.Max(((Convolution)Module!).in_channels, ((Convolution)Module).out_channels) : 1;

        /// <summary>How many multiplications its elements take part in.</summary>
        public long Uses(long mostChannels) => IsTable ? 0 : (long)(Weight.numel() * Positions(mostChannels));

        /// <summary>The elements that the layer computes; counted for the weight, not for its bias.</summary>
        public long Outputs(long mostChannels) => Weight.ndim < 2 ? 0
            : IsTable ? Weight.shape[1]
            : (long)((IsKernel ? ((Convolution)Module!).out_channels : Weight.shape[0]) * Positions(mostChannels));

        private double Positions(long mostChannels) => IsKernel
            ? Math.Pow(SmallestMap * Math.Min(LargestRatio, (double)mostChannels / Channels), Weight.ndim - 2)
            : 1;
    }
}
