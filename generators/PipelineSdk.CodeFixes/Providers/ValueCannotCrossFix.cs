using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Code fix of PSDK0009, where a using is in the way.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ValueCannotCrossFix))]
internal sealed class ValueCannotCrossFix() : RemedyProvider(
    DiagnosticCatalogue.ValueCannotCross, new DropUsing());
