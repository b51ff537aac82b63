using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Parser.Checks;

namespace PipelineSdk.Generators.Parser;

/// <summary>Finds members that are declared as <c>Module&lt;Tensor, Tensor&gt;</c> and given a <c>Sequential</c> by the constructor.</summary>
internal static class SequentialMembers
{
    public static void Recognise(ClassSource source, MemberTable table)
    {
        foreach (var member in table.All)
        {
            if (member.Container == ContainerKind.None && TorchTypes.IsTensorModule(member.Type)
                && source.ValuesOf(member, table, static value => value is not LiteralExpressionSyntax).Any(value => source.TypeOf(value) is { } type && TorchTypes.IsSequential(type)))
            {
                member.Container = ContainerKind.Sequential;
            }
        }
    }
}
