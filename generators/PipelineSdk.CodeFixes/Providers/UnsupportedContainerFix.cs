using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0017.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnsupportedContainerFix))]
internal sealed class UnsupportedContainerFix() : RemedyProvider(
    DiagnosticCatalogue.UnsupportedContainer, new MakeInternal());
