using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0031.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RunWithForwardFix))]
internal sealed class RunWithForwardFix() : RemedyProvider(
    DiagnosticCatalogue.RunWithForward, new RunWithCall());
