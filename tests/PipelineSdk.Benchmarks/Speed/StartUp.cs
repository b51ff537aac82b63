using System.Diagnostics;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>How long a process takes until its first step is done. Seconds since the start of the process; libtorch is loaded with the model.</summary>
/// <param name="Program">The first line of the program.</param>
/// <param name="Model">The model is there.</param>
/// <param name="Pipeline">The pipeline has been built.</param>
/// <param name="FirstStep">The first step has ended.</param>
/// <param name="SecondStep">The second has.</param>
internal sealed record StartUp(double Program, double Model, double Pipeline, double FirstStep, double SecondStep)
{
    /// <summary>The question that <see cref="OwnProcess"/> answers with this.</summary>
    public const string Question = "start-up";

    /// <summary>Rows of the medians of some starts.</summary>
    public static IEnumerable<OverheadRow> Rows()
    {
        var starts = Enumerable.Range(0, 5).Select(_ => OwnProcess.Ask<StartUp>(Question, [])).ToList();
        yield return Row("start-up, MLP 16 x 512: from the start of the process to the program's first line", start => start.Program);
        yield return Row("start-up: libtorch loaded, model and batch made", start => start.Model - start.Program);
        yield return Row("start-up: pipeline of two stages built", start => start.Pipeline - start.Model);
        yield return Row("start-up: first step", start => start.FirstStep - start.Pipeline);
        yield return Row("start-up: second step, for comparison", start => start.SecondStep - start.FirstStep);
        yield return Row("start-up: from the start of the process to the end of the first step", start => start.FirstStep);

        OverheadRow Row(string what, Func<StartUp, double> seconds) => new(what, 1e6 * Statistics.Median([.. starts.Select(seconds)]));
    }

    /// <summary>Measures this process, which has just started. The start is known to a hundredth of a second.</summary>
    public static StartUp Measure()
    {
        using var process = Process.GetCurrentProcess();
        var started = process.StartTime;
        var program = Since();
        var (model, pipeline, firstStep) = (0.0, 0.0, 0.0);
        Workloads.Mlp.TrainTwice(() => model = Since(), () => pipeline = Since(), () => firstStep = Since());
        return new StartUp(program, model, pipeline, firstStep, Since());

        double Since() => (DateTime.Now - started).TotalSeconds;
    }
}
