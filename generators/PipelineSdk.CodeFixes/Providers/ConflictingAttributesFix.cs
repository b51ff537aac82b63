using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fixes of PSDK0015.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConflictingAttributesFix))]
internal sealed class ConflictingAttributesFix() : RemedyProvider(
    DiagnosticCatalogue.ConflictingAttributes, new KeepOnePlacement(keepsSplit: true), new KeepOnePlacement(keepsSplit: false));
