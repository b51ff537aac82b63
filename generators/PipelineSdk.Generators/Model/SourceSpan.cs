namespace PipelineSdk.Generators.Model;

/// <summary>A place in the user's file, counted from 1 as <c>#line</c> does.</summary>
internal sealed record SourceSpan(int StartLine, int StartColumn, int EndLine, int EndColumn);
