using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Diagnostics;

/// <summary>A diagnostic that is equal to another one that says the same of the same place.</summary>
/// <remarks>Roslyn compares the arguments of messages by reference, so that two runs of the generator would never agree.</remarks>
/// <param name="diagnostic">The diagnostic.</param>
internal sealed class ReportedDiagnostic(Diagnostic diagnostic) : IEquatable<ReportedDiagnostic>
{
    private readonly string message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);

    public Diagnostic Diagnostic { get; } = diagnostic;

    public bool Equals(ReportedDiagnostic? other) => other is not null
        && Diagnostic.Id == other.Diagnostic.Id
        && Diagnostic.Location == other.Diagnostic.Location
        && message == other.message;

    public override bool Equals(object? obj) => Equals(obj as ReportedDiagnostic);

    public override int GetHashCode() => unchecked((Diagnostic.Location.GetHashCode() * 31) + message.GetHashCode());
}
