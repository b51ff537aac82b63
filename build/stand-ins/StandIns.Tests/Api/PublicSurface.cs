using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace StandIns.Tests.Api;

/// <summary>Public and protected symbols of an assembly, one a line: "T" a type with its base class, "M" a member with its signature.</summary>
internal sealed class PublicSurface
{
    private static readonly SymbolDisplayFormat Format = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        SymbolDisplayLocalOptions.None,
        SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private readonly List<string> lines = [];

    public static IReadOnlyList<string> Of(string assemblyFile)
    {
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var target = MetadataReference.CreateFromFile(assemblyFile);
        var references = platform
            .Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) != Path.GetFileName(assemblyFile))
            .Select(file => (MetadataReference)MetadataReference.CreateFromFile(file))
            .Append(target);
        var compilation = CSharpCompilation.Create("surface", references: references);
        var surface = new PublicSurface();
        surface.AddNamespace(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(target)!).GlobalNamespace);
        surface.lines.Sort(StringComparer.Ordinal);
        return surface.lines;
    }

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private void AddNamespace(INamespaceSymbol space)
    {
        foreach (var type in space.GetTypeMembers()) AddType(type);
        foreach (var inner in space.GetNamespaceMembers()) AddNamespace(inner);
    }

    private void AddType(INamedTypeSymbol type)
    {
        if (!IsVisible(type)) return;
        var modifiers = (type.IsStatic ? "static " : "")
            + (type.IsAbstract && type.TypeKind == TypeKind.Class ? "abstract " : "")
            + (type.IsSealed ? "sealed " : "");
        var parent = type.BaseType is { SpecialType: SpecialType.None } known ? " : " + known.ToDisplayString(Format) : "";
        lines.Add("T " + modifiers + type.ToDisplayString(Format) + parent);
        foreach (var member in type.GetMembers())
        {
            if (member is INamedTypeSymbol nested) AddType(nested);
            else if (IsVisible(member) && member is not IMethodSymbol { AssociatedSymbol: not null })
                lines.Add("M " + member.ToDisplayString(Format));
        }
    }
}
