namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A workload, whatever the class of its model.</summary>
internal interface IWorkload
{
    string Name { get; }

    /// <summary>Measures everybody on it, and tells what is being done, and how much of all has been, 0 to 1.</summary>
    Comparison Compare(SpeedOptions options, Action<string, double> report);

    /// <summary>Seconds of a step through two stages, and of one thread, in this process.</summary>
    double[] Lever(LeverSettings settings);

    /// <summary>Measures what a schedule holds on it, in this process.</summary>
    MemoryRow Memory(string schedule, ActivationRecompute recompute);

    /// <summary>Seconds and actions of a step through two stages under 1F1B.</summary>
    (double Seconds, int Actions) PipelineStep();

    /// <summary>Two steps of a new model through a new pipeline of two stages.</summary>
    /// <param name="modelIsThere">Called when model and batch are there.</param>
    /// <param name="pipelineIsBuilt">Called when the pipeline has been built.</param>
    /// <param name="stepped">Called after the first step.</param>
    void TrainTwice(Action modelIsThere, Action pipelineIsBuilt, Action stepped);
}
