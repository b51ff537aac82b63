using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0016.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MemberNeverUsedFix))]
internal sealed class MemberNeverUsedFix() : RemedyProvider(
    DiagnosticCatalogue.MemberNeverUsed, new RemoveUnusedPlacement());
