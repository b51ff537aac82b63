using PipelineSdk.Execution;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

public sealed class ActionScopeTests
{
    [Fact]
    public void The_end_of_an_action_disposes_what_it_made_and_leaves_the_next_one_nothing()
    {
        using var scope = new ActionScope();
        for (var i = 0; i < 3; i++)
        {
            Tensor made, detached;
            using (scope.Begin())
            {
                made = ones(2);
                detached = ones(3).DetachFromDisposeScope();
                Assert.True(scope.Contains(made));
                Assert.False(scope.Contains(detached));
            }

            Assert.True(made.IsInvalid);
            Assert.False(detached.IsInvalid);
            Assert.False(scope.Contains(made));
            detached.Dispose();
        }
    }

    [Fact]
    public void A_tensor_moved_out_twice_is_still_the_action_s()
    {
        using var scope = new ActionScope();
        Tensor moved;
        using (scope.Begin())
        {
            using (NewDisposeScope()) moved = ones(2).MoveToOuterDisposeScope();
            moved.MoveToOuterDisposeScope();
            Assert.True(scope.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_scope_that_an_action_leaves_open_keeps_what_is_in_it_and_takes_nothing_of_the_next()
    {
        var around = CurrentDisposeScope;
        Tensor left, next;
        DisposeScope open;
        using (var scope = new ActionScope())
        {
            using (scope.Begin())
            {
                open = NewDisposeScope();
                left = ones(2);
            }

            Assert.False(left.IsInvalid);
            using (scope.Begin()) next = ones(2);
            Assert.True(next.IsInvalid);
            Assert.Equal(1, open.DisposablesCount);
        }

        open.Dispose();
        Assert.True(left.IsInvalid);
        Assert.Same(around, CurrentDisposeScope);
    }

    [Fact]
    public void An_action_that_makes_nothing_allocates_nothing()
    {
        using var scope = new ActionScope();
        for (var i = 0; i < 100; i++) scope.Begin().Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) scope.Begin().Dispose();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
