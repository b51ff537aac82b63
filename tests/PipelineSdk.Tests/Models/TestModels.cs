namespace PipelineSdk.Tests.Models;

/// <summary>One model of each kind of cut, four stages each.</summary>
internal static class TestModels
{
    /// <summary>Fresh models, owned by the caller's dispose scope.</summary>
    public static IEnumerable<TestModel> All()
    {
        yield return TestModel.Of(new HandCutNet(), [6], [3]);
        yield return TestModel.Of(new SequentialNet(), [5], [2]);
        var residual = new ResidualConvNet();
        residual.eval(); // batch statistics depend on the batch; running statistics do not
        yield return TestModel.Of(residual, [2, 6, 6], [4]);
    }
}
