using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PipelineSdk.OpenTelemetry.Tests.Report;

/// <summary>A headless Chromium that tests drive as a user would, over the DevTools protocol; one page at a time.</summary>
public sealed class Browser : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("pipelinesdk-chromium-");
    private readonly ClientWebSocket socket = new();
    private readonly List<string> requests = [];
    private readonly List<string> complaints = [];
    private Process? process;
    private string? target;
    private string? session;
    private int lastId;

    /// <summary>The first Chromium in the path, or null.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Everything that the page asked for, besides itself.</summary>
    public IReadOnlyList<string> Requests => requests;

    /// <summary>Errors of scripts, and what the page logged.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>Opens a page in a tab of its own, without a network, and waits until it says that it is ready.</summary>
    public async Task Open(string path, int width = 1280, int height = 900, bool dark = false)
    {
        session = null;
        if (target is not null) await Send("Target.closeTarget", new { targetId = target });
        requests.Clear();
        complaints.Clear();
        target = (string)(await Send("Target.createTarget", new { url = "about:blank" }))["targetId"]!;
        session = (string)(await Send("Target.attachToTarget", new { targetId = target, flatten = true }))["sessionId"]!;
        foreach (var domain in new[] { "Network", "Runtime", "Log", "Page" }) await Send($"{domain}.enable");
        await Send("Network.emulateNetworkConditions", new { offline = true, latency = 0, downloadThroughput = 0, uploadThroughput = 0 });
        await Send("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = false });
        await Send("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await Send("Page.navigate", new { url = new Uri(path).AbsoluteUri });
        await Until("document.documentElement.dataset.ready === 'true' || !document.getElementById('failure').hidden");
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var answer = await Send("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]}");
        return answer["result"]!["value"];
    }

    public async Task<string> Text(string selector) => (string)(await Evaluate($"document.querySelector({JsonSerializer.Serialize(selector)}).innerText"))!;

    /// <summary>Waits until an expression holds.</summary>
    public async Task Until(string expression)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var answer = await Send("Runtime.evaluate", new { expression, returnByValue = true });
            if (answer["exceptionDetails"] is null && answer["result"]!["value"] is JsonValue value && value.TryGetValue(out bool holds) && holds) return;
            await Task.Delay(50);
        }

        Assert.Fail($"It did not come to hold that {expression}; the page said: {string.Join("; ", complaints)}");
    }

    /// <summary>Presses and releases the mouse at a point of an element, given as shares of its width and height.</summary>
    public async Task Click(string selector, double x = 0.5, double y = 0.5)
    {
        var (left, top) = await PointOf(selector, x, y);
        await Mouse("mouseMoved", left, top, 0);
        await Mouse("mousePressed", left, top, 1);
        await Mouse("mouseReleased", left, top, 1);
    }

    public async Task Hover(string selector, double x, double y)
    {
        var (left, top) = await PointOf(selector, x, y);
        await Mouse("mouseMoved", left, top, 0);
    }

    public async Task Drag(string selector, double fromX, double toX, double y)
    {
        var (from, top) = await PointOf(selector, fromX, y);
        var (to, _) = await PointOf(selector, toX, y);
        await Mouse("mousePressed", from, top, 1);
        for (var part = 1; part <= 4; part++) await Mouse("mouseMoved", from + ((to - from) * part / 4), top, 1);
        await Mouse("mouseReleased", to, top, 1);
    }

    public async Task Press(string key)
    {
        // Keys that write something carry what they write.
        await Send("Input.dispatchKeyEvent", key.Length == 1 ? new { type = "keyDown", key, text = key } : (object)new { type = "rawKeyDown", key });
        await Send("Input.dispatchKeyEvent", new { type = "keyUp", key });
    }

    /// <summary>Starts it; where there is none, the tests that need it are skipped.</summary>
    public async Task InitializeAsync()
    {
        if (Program is null) return;
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", "--hide-scrollbars",
            $"--user-data-dir={profile.FullName}", "about:blank",
        ];
        process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true })!;
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            const string mark = "DevTools listening on ";
            if (line.Data is null) address.TrySetException(new InvalidOperationException("Chromium ended before it listened."));
            else if (line.Data.StartsWith(mark, StringComparison.Ordinal)) address.TrySetResult(line.Data[mark.Length..]);
        };
        process.BeginErrorReadLine();
        await socket.ConnectAsync(new Uri(await address.Task.WaitAsync(TimeSpan.FromMinutes(1))), CancellationToken.None);
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Ends it, with all of its helpers.</summary>
    public async Task DisposeAsync()
    {
        Dispose();
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        for (var tries = 0; profile.Exists && tries < 20; tries++)
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(50); // helpers of the browser may still be writing
            }

            profile.Refresh();
        }
    }

    private async Task<(double X, double Y)> PointOf(string selector, double x, double y)
    {
        var name = JsonSerializer.Serialize(selector);
        await Evaluate($"document.querySelector({name}).scrollIntoView({{ block: 'center', behavior: 'instant' }})");
        var box = (await Evaluate($"(b => [b.left, b.top, b.width, b.height])(document.querySelector({name}).getBoundingClientRect())"))!.AsArray();
        return ((double)box[0]! + (x * (double)box[2]!), (double)box[1]! + (y * (double)box[3]!));
    }

    private async Task Mouse(string type, double x, double y, int buttons) =>
        await Send("Input.dispatchMouseEvent", new { type, x, y, button = buttons == 0 ? "none" : "left", buttons = type == "mouseReleased" ? 0 : buttons, clickCount = buttons });

    private async Task<JsonNode> Send(string method, object? parameters = null)
    {
        var id = ++lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters ?? new { }) };
        if (session is not null) message["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var answer = await Receive();
            if ((int?)answer["id"] != id)
            {
                Note(answer);
                continue;
            }

            Assert.True(answer["error"] is null, $"{method}: {answer["error"]}");
            return answer["result"]!;
        }
    }

    private async Task<JsonNode> Receive()
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }

    private void Note(JsonNode answer)
    {
        switch ((string?)answer["method"])
        {
            case "Network.requestWillBeSent":
                var url = (string)answer["params"]!["request"]!["url"]!;
                if ((string?)answer["params"]!["type"] != "Document") requests.Add(url);
                break;
            case "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded":
                complaints.Add(answer["params"]!.ToJsonString());
                break;
        }
    }
}
