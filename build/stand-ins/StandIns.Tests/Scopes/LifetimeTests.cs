using System.Runtime.CompilerServices;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Scopes;

public class LifetimeTests
{
    [Fact]
    public void The_collector_frees_what_nobody_disposed()
    {
        Settle();
        var before = Tensor.TotalCount;

        Forget();
        Settle();

        Assert.Equal(before, Tensor.TotalCount);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (var i = 0; i < 50; i++) _ = zeros(100);
        }
    }

    [Fact]
    public void An_alias_keeps_the_data_when_the_original_is_gone()
    {
        var x = ones(3);
        using var alias = x.alias();
        using var detached = x.detach();

        x.Dispose();

        Values.AreEqual(alias, 1, 1, 1);
        detached.add_(1);
        Values.AreEqual(alias, 2, 2, 2);
    }

    [Fact]
    public void The_peak_is_never_below_the_count()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 10; i++) _ = zeros(1);

        Assert.True(Tensor.PeakCount >= Tensor.TotalCount);
    }

    [Fact]
    public void A_decoupled_handle_can_be_wrapped_again()
    {
        var before = Tensor.TotalCount;
        var first = ones(2);

        using (var second = Tensor.UnsafeCreateTensor(first.DecoupleFromNativeHandle()))
        {
            Assert.True(first.IsInvalid);
            Values.AreEqual(second, 1, 1);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
