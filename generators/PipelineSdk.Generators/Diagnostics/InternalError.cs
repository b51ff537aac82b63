using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Diagnostics;

/// <summary>Turns what should never happen into a diagnostic, so that one class does not cost the others their stages.</summary>
internal static class InternalError
{
    /// <summary>Runs a step of the generator; null and a report where it fails.</summary>
    /// <param name="name">The class it works on.</param>
    /// <param name="location">Where the class stands.</param>
    /// <param name="step">The step.</param>
    /// <param name="report">Takes the diagnostic.</param>
    public static T? Guard<T>(string name, Location? location, Func<T> step, Action<Diagnostic> report)
        where T : class
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var frame = exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim() ?? "no stack trace";
            report(Diagnostic.Create(
                DiagnosticCatalogue.InternalError, location ?? Location.None, name, exception.GetType().Name, exception.Message, frame));
            return null;
        }
    }
}
