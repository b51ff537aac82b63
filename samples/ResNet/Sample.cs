using System.Globalization;
using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Reports;
using Spectre.Console;

namespace ResNet;

/// <summary>Opens the data, says what will be done, and does it.</summary>
internal sealed class Sample(IAnsiConsole console)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(SampleOptions asked, CancellationToken cancellationToken)
    {
        var options = asked.Mode == RunMode.Train ? asked.WithLength() : asked;
        var all = await DataSource.OpenAsync(options.Data, options.Seed, Say, cancellationToken);
        var data = all with
        {
            Train = all.Train.Take(options.TrainImages ?? int.MaxValue),
            Test = all.Test.Take(options.TestImages ?? int.MaxValue),
        };
        if (!data.Synthetic) Say($"data: {data.Source}");

        bool bars = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive && options.Trace != TraceExporter.Console;
        var progress = new ProgressDisplay(console, bars);
        using var telemetry = Telemetry.Start(options.Trace);
        if (options.Mode == RunMode.Inference)
        {
            new InferenceSession(data, options, console, progress).Run(cancellationToken);
        }
        else
        {
            Say(string.Create(CultureInfo.InvariantCulture,
                $"training: {Part(data.Train, all.Train)} training images, {Part(data.Test, all.Test)} test images, {Length(options)}, " +
                $"batch {options.BatchSize}, micro-batch {options.MicroBatch}, seed {options.Seed}"));
            if (asked != options) Say("  a short run, as no length was given: --epochs, --steps or --train-images choose another");
            new TrainingSession(data, options, console, progress).Run(cancellationToken);
        }

        return 0;
    }

    private static string Part(ImageSet used, ImageSet all) => used.Count == all.Count
        ? string.Create(CultureInfo.InvariantCulture, $"all {all.Count:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"{used.Count:N0} of {all.Count:N0}");

    private static string Length(SampleOptions options) => (options.Epochs, options.Steps) switch
    {
        ({ } epochs, { } steps) => $"{epochs} epochs but at most {steps} steps",
        ({ } epochs, null) => $"{epochs} {(epochs == 1 ? "epoch" : "epochs")}",
        _ => $"{options.Steps} {(options.Steps == 1 ? "step" : "steps")}",
    };

    // Not markup, and not wrapped: paths are copied from here.
    private void Say(string line) => console.Profile.Out.Writer.WriteLine(line);
}
