using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Model;

/// <summary>Where a class and the arguments of its <c>[Pipeline]</c> stand: what changes when lines move.</summary>
/// <param name="Name">The class name without type parameters.</param>
/// <param name="FilePath">The file of the declaration that carries the attribute.</param>
/// <param name="Identifier">The class name in it.</param>
/// <param name="Arguments">The arguments of the attribute.</param>
internal sealed record ClassPlace(string Name, string FilePath, TextSpan Identifier, EquatableArray<ArgumentPlace> Arguments);

/// <summary>An argument of an attribute, such as <c>Workers = 4</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record ArgumentPlace(string Name, TextSpan Span);
