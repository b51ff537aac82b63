using System.Runtime.InteropServices;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Autograd;

public class BackwardTests
{
    [Fact]
    public void Gradients_are_those_of_the_closed_form()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2, 3).requires_grad_();

        (x.pow(3) + 2 * x).sum().backward();

        AreEqual(x.grad!, 5, 14, 29);
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();

        x.sum().backward();
        (2 * x).sum().backward();
        AreEqual(x.grad!, 3, 3);

        x.grad = null;
        Assert.Null(x.grad);
        x.grad = F(7, 8);
        x.sum().backward();
        AreEqual(x.grad, 8, 9);
    }

    [Fact]
    public void A_gradient_of_another_size_or_type_is_refused()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();

        Assert.Throws<ExternalException>(() => x.grad = ones(3));
        Assert.Throws<ExternalException>(() => x.grad = ones(new long[] { 2 }, ScalarType.Float64));
    }

    [Fact]
    public void Several_outputs_take_their_own_gradients_in_one_call()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();
        var y = 2 * x;
        var z = x * x;

        autograd.backward([y, z], [F(1, 1), F(10, 10)]);

        AreEqual(x.grad!, 22, 42);
    }

    [Fact]
    public void Only_the_named_inputs_receive_gradients()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();
        var w = F(3).requires_grad_();
        var y = (x * w).sum();

        autograd.backward(y, grad_tensors: null, retain_graph: true, inputs: [x]);
        AreEqual(x.grad!, 3);
        Assert.Null(w.grad);

        autograd.backward(y, ones([]), inputs: [w]);
        AreEqual(w.grad!, 1);
        AreEqual(x.grad!, 3);
    }

    [Fact]
    public void A_graph_is_freed_unless_retained()
    {
        using var scope = NewDisposeScope();
        var x = F(2).requires_grad_();
        var y = (x * x).sum();

        y.backward(retain_graph: true);
        y.backward();
        AreEqual(x.grad!, 8);

        var error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.Contains("second time", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_created_graph_gives_second_derivatives()
    {
        using var scope = NewDisposeScope();
        var x = F(2).requires_grad_();

        x.pow(3).sum().backward(create_graph: true);
        var first = x.grad!;
        AreEqual(first, 12);
        x.grad = null;
        first.sum().backward();

        AreEqual(x.grad!, 12);
    }

    [Fact]
    public void A_cut_graph_gives_the_same_gradients_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var input = randn(4, 8);
        var w1 = randn(8, 8).requires_grad_();
        var w2 = randn(8, 2).requires_grad_();

        input.mm(w1).tanh().mm(w2).pow(2).sum().backward();
        var (g1, g2) = (w1.grad!.clone(), w2.grad!.clone());
        (w1.grad, w2.grad) = (null, null);

        var h = input.mm(w1).tanh();
        var boundary = h.detach().requires_grad_();
        boundary.mm(w2).pow(2).sum().backward();
        autograd.backward(h, boundary.grad!);

        Assert.True(g1.Equals(w1.grad!));
        Assert.True(g2.Equals(w2.grad!));
    }

    [Fact]
    public void Backward_needs_no_managed_intermediate()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();
        Tensor loss;
        using (NewDisposeScope()) loss = (x * x * x).exp().sum().MoveToOuterDisposeScope();

        loss.backward();

        AreClose(x.grad!, 3 * Math.E, 12 * Math.Exp(8));
    }

    [Fact]
    public void Leaves_and_results_are_told_apart()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var y = x * 2;

        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        Assert.True(y.requires_grad);
        Assert.False(y.detach().requires_grad);
        y.retain_grad();
        y.sum().backward();
        AreEqual(y.grad!, 1, 1);
        var error = Assert.Throws<ExternalException>(() => zeros(2).sum().backward());
        Assert.Contains("does not require grad", error.Message);
        Assert.Throws<ExternalException>(() => tensor(1L).requires_grad_());
    }

    [Fact]
    public void A_saved_tensor_changed_in_place_is_noticed()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();
        var y = x.exp();
        var z = (y * y).sum();

        y.add_(1);

        var error = Assert.Throws<ExternalException>(() => z.backward());
        Assert.Contains("modified by an inplace operation", error.Message);
    }
}
