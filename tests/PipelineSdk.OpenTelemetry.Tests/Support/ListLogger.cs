using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> entries = new();

    public IReadOnlyList<(LogLevel Level, string Message)> Entries => [.. entries];

    public bool Throws { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Throws) throw new InvalidOperationException("a logger's own trouble");
        entries.Enqueue((logLevel, formatter(state, exception)));
    }
}
