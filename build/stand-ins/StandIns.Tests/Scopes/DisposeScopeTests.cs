using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Scopes;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside, outside = zeros(1);
        using (NewDisposeScope()) inside = outside + 1;

        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid);
        outside.Dispose();
    }

    [Fact]
    public void Intermediate_results_of_an_expression_end_with_the_scope()
    {
        var before = Tensor.TotalCount;

        using (NewDisposeScope()) _ = ((zeros(3) + 1) * 2 - ones(3)).sum();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_moves_to_the_outer_scope_lives_as_long_as_that()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void What_moves_out_of_the_outermost_scope_belongs_to_nobody()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();

        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void A_detached_tensor_survives_and_an_attached_one_does_not()
    {
        Tensor detached, attached = zeros(1);
        using (var scope = NewDisposeScope())
        {
            detached = zeros(1).DetachFromDisposeScope();
            scope.Attach(attached);
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.False(detached.IsInvalid);
        Assert.True(attached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void A_tensor_moves_to_the_scope_of_another()
    {
        using var outer = NewDisposeScope();
        var anchor = zeros(1);
        using var inner = NewDisposeScope();
        var moved = zeros(1);

        moved.MoveToOtherDisposeScope(anchor);

        Assert.True(outer.Contains(moved));
        Assert.False(inner.Contains(moved));
    }

    [Fact]
    public void Everything_but_the_kept_is_disposed_and_the_scope_goes_on()
    {
        using var scope = NewDisposeScope();
        var kept = zeros(1);
        var dropped = zeros(1);

        Assert.Same(kept, scope.DisposeEverythingBut(kept));

        Assert.False(kept.IsInvalid);
        Assert.True(dropped.IsInvalid);
        Assert.Equal([kept], scope.DisposablesView);
        scope.DisposeEverything();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Scopes_may_end_in_any_order()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var tensor = zeros(1);

        outer.Dispose();
        Assert.Same(inner, CurrentDisposeScope);
        Assert.False(tensor.IsInvalid);
        inner.Dispose();

        Assert.True(tensor.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void An_ended_scope_cannot_be_used()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();

        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.Throws<ObjectDisposedException>(() => scope.Attach());
    }

    [Fact]
    public void A_disposed_tensor_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        var tensor = zeros(1);

        tensor.Dispose();
        tensor.Dispose();

        Assert.Equal(0, scope.DisposablesCount);
        Assert.True(tensor.IsInvalid);
        var error = Assert.Throws<InvalidOperationException>(() => tensor + 1);
        Assert.Equal("Tensor invalid -- empty handle.", error.Message);
    }

    [Fact]
    public void A_wrapped_expression_leaves_its_result_alone()
    {
        using var outer = NewDisposeScope();

        var result = WrappedTensorDisposeScope(() => (zeros(1) + 1) * 3);

        Assert.Equal([result], outer.DisposablesView);
        Values.AreEqual(result, 3);
    }

    [Fact]
    public void Each_thread_has_scopes_and_statistics_of_its_own()
    {
        using var scope = NewDisposeScope();
        DisposeScopeManager.Statistics.Reset();
        var seen = (Scope: scope, Created: -1L);
        Tensor? foreign = null;

        var thread = new Thread(() =>
        {
            foreign = zeros(1);
            seen = (CurrentDisposeScope!, DisposeScopeManager.Statistics.CreatedOutsideScopeCount);
        });
        thread.Start();
        thread.Join();

        Assert.Null(seen.Scope);
        Assert.Equal(1, seen.Created);
        Assert.Equal(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
        Assert.Equal(0, scope.DisposablesCount);
        foreign!.Dispose();
    }

    [Fact]
    public void Statistics_follow_every_step_of_a_tensor()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = zeros(1);
        using (var scope = NewDisposeScope())
        {
            zeros(1).DetachFromDisposeScope().Dispose();
            scope.Attach(outside);
            _ = zeros(1);
        }

        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.AttachedToScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
        Assert.Contains("CreatedInScopeCount: 2", statistics.ToString());
    }

    [Fact]
    public void A_parameter_takes_the_handle_and_the_place_in_the_scope()
    {
        TorchSharp.Modules.Parameter parameter;
        Tensor data;
        using (var scope = NewDisposeScope())
        {
            data = zeros(2);
            parameter = new TorchSharp.Modules.Parameter(data);
            Assert.True(data.IsInvalid);
            Assert.True(parameter.requires_grad);
            Assert.True(parameter.is_leaf);
            Assert.Equal([parameter], scope.DisposablesView);
        }

        Assert.True(parameter.IsInvalid);
    }
}
