using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0004.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StageNumbersFix))]
internal sealed class StageNumbersFix() : RemedyProvider(
    DiagnosticCatalogue.StageNumbers, new RenumberStages());
