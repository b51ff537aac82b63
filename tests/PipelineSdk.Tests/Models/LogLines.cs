using Microsoft.Extensions.Logging;

namespace PipelineSdk.Tests.Models;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILogger
{
    public List<string> Lines { get; } = [];

    /// <summary>Called with each line, so that tests can wait for one.</summary>
    public Action<LogLevel, string>? Logged { get; set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        Lines.Add(line);
        Logged?.Invoke(logLevel, line);
    }
}
