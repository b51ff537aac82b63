using System.Diagnostics;
using System.Text.Json;

namespace StandIns.Tests.NN;

/// <summary>What PyTorch gives for the same seeds and the same numbers, computed once for all tests.</summary>
internal static class PythonReference
{
    private const string Interpreter = "/usr/bin/python3";

    private const string Script =
        """
        import json, math, sys
        import torch
        from torch import nn
        import torch.nn.functional as F
        torch.set_num_threads(1)
        out = {}
        def put(name, *tensors):
            out[name] = [float(v) for t in tensors for v in torch.as_tensor(t).detach().double().flatten()]
        def wave(seed, *shape):
            n = math.prod(shape)
            return torch.tensor([math.sin(seed + i) for i in range(n)], dtype=torch.float64).reshape(shape)

        torch.manual_seed(123)
        put('linear', *nn.Linear(4, 3).parameters())
        put('conv2d', *nn.Conv2d(4, 6, (3, 2), groups=2).parameters())
        put('conv1d', *nn.Conv1d(2, 3, 4, bias=False).parameters())
        put('embedding', nn.Embedding(5, 3, padding_idx=1).weight)
        t = torch.empty(6, 5)
        put('kaiming_normal', nn.init.kaiming_normal_(t, mode='fan_out', nonlinearity='relu'))
        put('xavier_uniform', nn.init.xavier_uniform_(t, gain=2.0))
        put('xavier_normal', nn.init.xavier_normal_(t))
        put('trunc_normal', nn.init.trunc_normal_(t, mean=0.5, std=2.0, a=-1.0, b=1.5))
        put('dropout', F.dropout(torch.ones(40), 0.3))
        put('dropout2d', F.dropout2d(torch.ones(2, 8, 2, 2), 0.5))

        class Block(nn.Module):
            def __init__(self, i, o, s):
                super().__init__()
                self.conv1 = nn.Conv2d(i, o, 3, s, 1, bias=False)
                self.bn1 = nn.BatchNorm2d(o)
                self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
                self.bn2 = nn.BatchNorm2d(o)
                self.short = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o))
            def forward(self, x):
                y = F.relu(self.bn1(self.conv1(x)))
                return F.relu(self.bn2(self.conv2(y)) + self.short(x))

        def train(name, optimizer, schedule=None, clip=None):
            torch.manual_seed(7)
            model = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(2), Block(4, 6, 2), nn.GELU(),
                                  nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(6), nn.Dropout(0.25), nn.Linear(6, 3)).double()
            opt = optimizer(model)
            sched = schedule(opt) if schedule else None
            losses = []
            for step in range(6):
                x, y = wave(step, 4, 2, 8, 8), torch.tensor([0, 1, 2, step % 3])
                opt.zero_grad()
                loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
                loss.backward()
                if clip: losses.append(nn.utils.clip_grad_norm_(model.parameters(), clip))
                opt.step()
                if sched: sched.step()
                losses.append(loss.item())
            put(name, torch.tensor(losses, dtype=torch.float64))
            put(name + '.state', *model.state_dict().values())
            out[name + '.names'] = list(model.state_dict().keys())

        train('sgd', lambda m: torch.optim.SGD(m.parameters(), 0.1, momentum=0.9, weight_decay=1e-3, nesterov=True),
              lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 4), clip=0.5)
        train('adam', lambda m: torch.optim.Adam(m.parameters(), 0.01, weight_decay=1e-2, amsgrad=True),
              lambda o: torch.optim.lr_scheduler.StepLR(o, 2, 0.5))
        train('adamw', lambda m: torch.optim.AdamW(m.parameters(), 0.01, weight_decay=1e-2))

        x = wave(1, 2, 3, 6, 6)
        put('interpolate.nearest', F.interpolate(x, scale_factor=2))
        put('interpolate.size', F.interpolate(x, size=(4, 9)))
        put('interpolate.bilinear', F.interpolate(x, scale_factor=1.5, mode='bilinear', align_corners=False))
        put('interpolate.corners', F.interpolate(x, size=(3, 5), mode='bilinear', align_corners=True))
        put('interpolate.bicubic', F.interpolate(x, size=(7, 5), mode='bicubic', align_corners=False))
        put('interpolate.linear', F.interpolate(wave(1, 2, 3, 6), scale_factor=2, mode='linear', align_corners=False))
        json.dump(out, sys.stdout)
        """;

    private static readonly Lazy<JsonElement> Results = new(() => JsonDocument.Parse(Run(Script)).RootElement);

    public static bool IsAvailable { get; } = CanImport();

    public static double[] Numbers(string name) => [.. Results.Value.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];

    public static string[] Names(string name) => [.. Results.Value.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static bool CanImport()
    {
        try
        {
            return File.Exists(Interpreter) && Run("import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)") is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What the script writes to its standard output.</summary>
    public static string Run(string script)
    {
        var start = new ProcessStartInfo(Interpreter, ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Interpreter} ended with {process.ExitCode}");
    }
}
