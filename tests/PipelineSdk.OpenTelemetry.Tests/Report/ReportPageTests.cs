using System.Text.Json.Nodes;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Report;

/// <summary>The report as a user has it: in a browser that has no network.</summary>
public sealed class ReportPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChromiumFact]
    public async Task Every_action_comes_out_as_it_went_in()
    {
        var step = RealEnough(workers: 4, microBatches: 9);
        await browser.Open(Write([step]));

        // The page's own reader, on the page's own data.
        var rows = (await browser.Evaluate(
            $$"""
            ({{Reader()}})().then(timeline => timeline.lanes.flatMap((lane, worker) => Array.from({ length: lane.count }, (_, slot) => [
                worker, slot, timeline.label({ worker, slot }), lane.waitStart[slot], lane.start[slot], lane.workEnd[slot], lane.end[slot], lane.paused[slot], lane.bytes[slot],
                lane.plannedStart[slot], lane.plannedEnd[slot]])))
            """))!.AsArray();

        var planned = step.Explain().Planned.Actions;
        Assert.Equal(
            step.Actions.Zip(planned).Select(pair => string.Join(' ',
                pair.First.Worker, pair.First.Slot, pair.First.Action, Ticks(pair.First.WaitStart), Ticks(pair.First.Start), Ticks(pair.First.WorkEnd), Ticks(pair.First.End),
                Ticks(pair.First.Paused), pair.First.Bytes, Ticks(pair.Second.Start), Ticks(pair.Second.End))),
            rows.Select(row => string.Join(' ', row!.AsArray().Select((value, column) =>
                column is 2 ? (string)value! : column is 0 or 1 or 8 ? ((double)value!).ToString() : Math.Round((double)value! * 10_000).ToString()))));

        static long Ticks(TimeSpan time) => time.Ticks;
    }

    [ChromiumFact]
    public async Task It_asks_for_nothing_and_complains_of_nothing()
    {
        await browser.Open(Write([RealEnough(3, 8), RealEnough(3, 8, step: 1)]));

        Assert.True((bool)(await browser.Evaluate("document.getElementById('failure').hidden"))!);
        Assert.Empty(browser.Requests);
        Assert.Empty(browser.Complaints);
        Assert.Equal("48", (string?)await browser.Evaluate("document.getElementById('gantt').dataset.actions"));
    }

    [ChromiumFact]
    public async Task The_chart_zooms_pans_shows_details_and_marks_a_micro_batch_along_its_way()
    {
        var step = RealEnough(3, 8);
        await browser.Open(Write([step]));
        Assert.Equal((0, step.Duration.TotalMilliseconds), await Shown(browser));

        await browser.Click("[data-do=in]");
        await browser.Click("[data-do=in]");
        var (from, to) = await Shown(browser);
        Assert.Equal(step.Duration.TotalMilliseconds / 4, to - from, 6);

        await browser.Drag("canvas", 0.7, 0.5, 0.3);
        var (pannedFrom, pannedTo) = await Shown(browser);
        Assert.True(pannedFrom > from);
        Assert.Equal(to - from, pannedTo - pannedFrom, 6);

        await browser.Click("[data-do=fit]");
        var (x, y) = (PointOf(step, step.Actions[0]), 0.1);
        await browser.Hover("canvas", x, y);
        await browser.Until("!document.querySelector('.tip').hidden");
        Assert.Contains("0F0, forward", await browser.Text(".tip"), StringComparison.Ordinal);
        Assert.Contains("0: <b>stem</b>", await browser.Text(".tip"), StringComparison.Ordinal);

        await browser.Click("canvas", x, y);
        Assert.Equal("0", (string?)await browser.Evaluate("document.querySelector('canvas').dataset.marked"));
        Assert.Contains("micro-batch 0", await browser.Text(".range"), StringComparison.Ordinal);
        await browser.Click("[data-do=clear]");
        Assert.Equal("", (string?)await browser.Evaluate("document.querySelector('canvas').dataset.marked"));
    }

    [ChromiumFact]
    public async Task The_chart_is_used_with_keys_alone()
    {
        var step = RealEnough(3, 8);
        await browser.Open(Write([step]));
        await browser.Evaluate("document.querySelector('canvas').focus()");

        await browser.Press("ArrowRight");
        Assert.Contains("0F0", await browser.Text(".details"), StringComparison.Ordinal);
        await browser.Press("ArrowRight");
        Assert.Contains("0F1", await browser.Text(".details"), StringComparison.Ordinal);
        await browser.Press("ArrowDown");
        Assert.Contains("worker, slot 1,", await browser.Text(".details"), StringComparison.Ordinal);
        await browser.Press("Enter");
        Assert.NotEqual("", (string?)await browser.Evaluate("document.querySelector('canvas').dataset.marked"));
        await browser.Press("+");
        var (from, to) = await Shown(browser);
        Assert.Equal(step.Duration.TotalMilliseconds / 2, to - from, 6);
        await browser.Press("0");
        await browser.Press("Escape");
        Assert.Equal("", (string?)await browser.Evaluate("document.querySelector('canvas').dataset.marked"));
        Assert.Equal((0, step.Duration.TotalMilliseconds), await Shown(browser));
    }

    [ChromiumFact]
    public async Task Tables_and_plots_show_what_the_run_was_and_what_was_dropped()
    {
        var log = new TrainingLog(mostTimelines: 3);
        for (var step = 0; step < 10; step++) log.Add(RealEnough(3, 8, step), loss: 2.5 / (step + 1), samples: 64, memoryBytes: 300L << 20);
        var path = folder["run.html"];
        PipelineReport.Write(path, log, new ReportOptions { Title = "A <run>", Note = "on \"nothing\" & more" });
        await browser.Open(path);

        Assert.Equal("A <run>", await browser.Text("#title"));
        Assert.Equal("on \"nothing\" & more", await browser.Text("#note"));
        Assert.Contains("10 steps; timelines of 3 are in this report (the first and the latest), 7 were dropped.", await browser.Text("#facts"), StringComparison.Ordinal);
        var lost = await browser.Text("#lost");
        foreach (var part in log.Steps[^1].Lost.Parts) Assert.Contains(part.Key, lost, StringComparison.Ordinal);
        Assert.Contains("16 micro-batches: ", lost, StringComparison.Ordinal);
        Assert.Contains("<b>stem</b>", await browser.Text("#stages"), StringComparison.Ordinal);
        Assert.Equal(3, (int)(await browser.Evaluate("document.querySelectorAll('.workers tbody tr').length"))!);
        Assert.Equal(5, (int)(await browser.Evaluate("document.querySelectorAll('#plots canvas').length"))!);

        await browser.Click("#previous");
        await browser.Until("document.getElementById('step').value === '1'");
        Assert.Contains("step 8", await browser.Text("#figures"), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Names_are_text_and_never_markup()
    {
        var step = Named(RealEnough(2, 4), "</script><img src=x onerror=alert(1)>", "{{DATA}} <!-- \u0001");
        await browser.Open(Write([step]));

        Assert.Equal(0, (int)(await browser.Evaluate("document.images.length"))!);
        Assert.Equal(step.Pipeline, await browser.Text("#title"));
        Assert.Contains("{{DATA}} <!-- \uFFFD", await browser.Text("#stages"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task Narrow_and_wide_nothing_sticks_out()
    {
        var path = Write([RealEnough(4, 8), RealEnough(4, 8, step: 1)]);
        foreach (var (width, dark) in new[] { (360, false), (2560, true) })
        {
            await browser.Open(path, width, dark: dark);
            Assert.Equal(width, (int)(await browser.Evaluate("document.documentElement.scrollWidth"))!);
            Assert.Equal(dark, (bool)(await browser.Evaluate("getComputedStyle(document.body).backgroundColor !== 'rgb(246, 247, 249)'"))!);
        }
    }

    [ChromiumFact]
    public async Task Tens_of_thousands_of_actions_are_drawn_with_work_that_grows_with_the_pixels()
    {
        var step = Timelines.Simulate(PipelineSchedule.OneForwardOneBackward, 4, 5_000, forward: 0.01, backward: 0.02);
        await browser.Open(Write([step]));
        Assert.Equal("40000", (string?)await browser.Evaluate("document.getElementById('gantt').dataset.actions"));

        // Counted, not timed: what the canvas was asked to fill for one picture of everything.
        var fills = (double)(await browser.Evaluate(
            """
            (() => {
              let count = 0;
              const before = CanvasRenderingContext2D.prototype.fillRect;
              CanvasRenderingContext2D.prototype.fillRect = function (...box) { count++; return before.apply(this, box); };
              document.querySelector('[data-do=fit]').click();
              CanvasRenderingContext2D.prototype.fillRect = before;
              return count;
            })()
            """))!;
        var width = (double)(await browser.Evaluate("document.querySelector('canvas').clientWidth"))!;
        Assert.InRange(fills, 4 * width, 4 * 2 * 2.5 * width);
    }

    private static (double From, double To) Values(JsonNode node) => ((double)node[0]!, (double)node[1]!);

    private static async Task<(double From, double To)> Shown(Browser browser) =>
        Values((await browser.Evaluate("(d => [Number(d.from), Number(d.to)])(document.querySelector('canvas').dataset)"))!);

    // The chart's lanes begin after the names of the workers, and end short of the edge.
    private static double PointOf(StepTimeline step, ActionRecord record) =>
        (84 + (((record.Start + record.End) / 2 / step.Duration) * (1280 - 150))) / 1280;

    /// <summary>The modules that read the data, as one function of the page.</summary>
    private static string Reader()
    {
        var assembly = typeof(PipelineReport).Assembly;
        var script = string.Join('\n', new[] { "timeline.js", "unpack.js" }.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream($"report/{name}")!);
            return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("import ", StringComparison.Ordinal))
                .Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line));
        }));
        return $"() => {{ {script}\nreturn unpack(document.getElementById('timeline-0').textContent, JSON.parse(document.getElementById('data').textContent).timelines[0]); }}";
    }

    private string Write(IReadOnlyList<StepTimeline> steps)
    {
        var path = folder["report.html"];
        PipelineReport.Write(path, steps);
        return path;
    }

    /// <summary>A step with everything in it that a page can show: unequal actions, waits, hand-over, pauses, bytes, an odd name.</summary>
    private static StepTimeline RealEnough(int workers, int microBatches, int step = 0)
    {
        var random = new Random(step);
        var simulated = Timelines.Simulate(PipelineSchedule.OneForwardOneBackward, workers, microBatches, forward: 10, backward: 20, latency: 0.5, step: step);
        var actions = simulated.Actions.Select(record => record with
        {
            Bytes = random.Next(4) * 1000,
            HandOver = TimeSpan.FromTicks(random.Next(3)),
            Paused = TimeSpan.FromTicks(random.Next(5)),
            WaitStart = record.WaitStart + TimeSpan.FromTicks(Math.Min(random.Next(3), (record.Start - record.WaitStart).Ticks)),
            End = record.End - TimeSpan.FromTicks(random.Next(20_000)),
        });
        string[] names = ["<b>stem</b>", .. Enumerable.Range(1, workers - 1).Select(stage => $"layer{stage}")];
        return Timelines.Timeline([.. actions], workers, microBatches, "1F1B", step: step, stageNames: names);
    }

    private static StepTimeline Named(StepTimeline step, string pipeline, string stage) =>
        Timelines.Timeline(step.Actions, step.Workers, step.MicroBatches, step.Schedule, pipeline, stageNames: [stage, .. step.StageNames.Skip(1)]);
}
