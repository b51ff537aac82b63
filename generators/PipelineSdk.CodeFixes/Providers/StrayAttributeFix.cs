using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fixes of PSDK0014.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StrayAttributeFix))]
internal sealed class StrayAttributeFix() : RemedyProvider(
    DiagnosticCatalogue.StrayAttribute, new MarkPipeline(), new RemoveStrayAttribute());
