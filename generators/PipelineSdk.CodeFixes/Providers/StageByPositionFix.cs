using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0025.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StageByPositionFix))]
internal sealed class StageByPositionFix() : RemedyProvider(
    DiagnosticCatalogue.StageByPosition, new PinToStage());
