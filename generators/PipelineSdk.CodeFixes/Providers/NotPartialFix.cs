using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0001.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NotPartialFix))]
internal sealed class NotPartialFix() : RemedyProvider(
    DiagnosticCatalogue.NotPartial, new MakePartial());
