using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters with settings of their own.</summary>
public class ParamGroup : ILearningRateController
{
    /// <summary>Enumerated anew at each step.</summary>
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}
