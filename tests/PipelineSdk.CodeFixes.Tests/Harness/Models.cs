namespace PipelineSdk.CodeFixes.Tests.Harness;

/// <summary>Sources of models.</summary>
internal static class Models
{
    /// <summary>A pipeline class with members and an expression that <c>forward</c> returns.</summary>
    public static string Pipeline(string members, string forward, string name = "Net") => Class("[Pipeline]\npublic sealed partial class", members, forward, name);

    public static string Class(string header, string members, string forward, string name = "Net") => $$"""
        {{header}} {{name}} : Module<Tensor, Tensor>
        {
            {{members.Replace("\n", "\n    ", StringComparison.Ordinal)}}
            public {{name}}() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;
}
