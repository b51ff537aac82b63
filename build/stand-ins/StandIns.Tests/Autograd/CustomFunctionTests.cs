using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Autograd;

public class CustomFunctionTests
{
    [Fact]
    public void Forward_and_backward_are_the_functions_own()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2, 3).requires_grad_();

        var y = ScaledSquare.apply(x, 10.0, "not a tensor");
        AreEqual(y, 10, 40, 90);
        y.sum().backward();

        AreEqual(x.grad!, 20, 40, 60);
    }

    [Fact]
    public void A_function_is_part_of_a_larger_graph()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2).requires_grad_();

        (ScaledSquare.apply(x.exp().log(), 1.0, "") * 3).sum().backward();

        AreClose(x.grad!, 6, 12);
    }

    [Fact]
    public void A_created_graph_goes_through_a_functions_backward()
    {
        using var scope = NewDisposeScope();
        var x = F(3).requires_grad_();

        ScaledSquare.apply(x, 2.0, "").sum().backward(create_graph: true);
        var first = x.grad!;
        x.grad = null;
        first.sum().backward();

        AreEqual(first, 12);
        AreEqual(x.grad!, 4);
    }

    [Fact]
    public void Several_inputs_and_outputs_with_missing_gradients()
    {
        using var scope = NewDisposeScope();
        var a = F(1, 2).requires_grad_();
        var b = F(3, 4);

        var outputs = SumAndDifference.apply(a, b);
        AreEqual(outputs[0], 4, 6);
        AreEqual(outputs[1], -2, -2);
        Assert.False(outputs[2].requires_grad);
        outputs[1].sum().backward();

        // The unused output's gradient came as zeros.
        AreEqual(a.grad!, 1, 1);
        Assert.Null(b.grad);
    }

    [Fact]
    public void Nothing_is_recorded_where_nothing_needs_a_gradient()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();

        Assert.False(ScaledSquare.apply(F(2), 1.0, "").requires_grad);
        using (no_grad()) Assert.False(ScaledSquare.apply(x, 1.0, "").requires_grad);
        Assert.True(ScaledSquare.apply(x, 1.0, "").requires_grad);
    }

    [Fact]
    public void An_exception_in_forward_is_the_callers_and_the_grad_mode_comes_back()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();

        var error = Assert.Throws<InvalidDataException>(() => Faulty.apply(x, true));

        Assert.Equal("forward is broken", error.Message);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void An_exception_in_backward_comes_out_of_backward_and_the_process_goes_on()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 3; i++)
        {
            var x = F(1).requires_grad_();
            var y = (Faulty.apply(x * 1, false) * 2).sum();

            var error = Assert.Throws<ExternalException>(() => y.backward());

            Assert.Contains("backward is broken", error.Message);
            Assert.IsType<InvalidDataException>(error.InnerException);
            Assert.Null(x.grad);
        }
    }

    [Fact]
    public void A_wrong_number_of_gradients_is_named()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();

        var error = Assert.Throws<ExternalException>(() => TooFew.apply(x, F(1)).sum().backward());

        Assert.Contains("Function TooFew returned an incorrect number of gradients (expected 2, got 1)", error.Message);
    }

    [Fact]
    public void Backward_runs_on_the_thread_that_asks_for_it()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();
        var y = WhichThread.apply(x).sum();
        var asking = 0;

        var thread = new Thread(() =>
        {
            asking = Environment.CurrentManagedThreadId;
            y.backward();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(asking, WhichThread.Seen);
    }

    [Fact]
    public void A_saved_input_changed_in_place_is_noticed()
    {
        using var scope = NewDisposeScope();
        var x = F(1).requires_grad_();
        var input = x * 1;
        var y = ScaledSquare.apply(input, 1.0, "").sum();

        input.add_(1);

        var error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.Contains("modified by an inplace operation", error.Message);
    }

    [Fact]
    public void A_freed_graph_frees_the_functions_state()
    {
        var kept = Run();
        for (var i = 0; i < 10 && kept.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(kept.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Run()
        {
            using var scope = NewDisposeScope();
            var state = new object();
            Keeper.apply(F(1).requires_grad_(), state);
            return new WeakReference(state);
        }
    }

    private sealed class ScaledSquare : autograd.SingleTensorFunction<ScaledSquare>
    {
        public override string Name => nameof(ScaledSquare);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("factor", vars[1]);
            Assert.False(is_grad_enabled());
            return x * x * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x * (2 * (double)ctx.get_data("factor")!), null!, null!];
        }
    }

    private sealed class SumAndDifference : autograd.MultiTensorFunction<SumAndDifference>
    {
        public override string Name => nameof(SumAndDifference);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[1]);
            var places = a.argsort();
            ctx.mark_non_differentiable([places]);
            return [a + b, a - b, places];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            AreEqual(grad_outputs[0], 0, 0);
            return [grad_outputs[0] + grad_outputs[1], grad_outputs[0] - grad_outputs[1]];
        }
    }

    private sealed class Faulty : autograd.SingleTensorFunction<Faulty>
    {
        public override string Name => nameof(Faulty);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) =>
            (bool)vars[1] ? throw new InvalidDataException("forward is broken") : ((Tensor)vars[0]) * 1;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            throw new InvalidDataException("backward is broken");
    }

    private sealed class TooFew : autograd.SingleTensorFunction<TooFew>
    {
        public override string Name => nameof(TooFew);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] + (Tensor)vars[1];

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class WhichThread : autograd.SingleTensorFunction<WhichThread>
    {
        public static int Seen { get; private set; }

        public override string Name => nameof(WhichThread);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]) * 1;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Seen = Environment.CurrentManagedThreadId;
            return [grad_output];
        }
    }

    private sealed class Keeper : autograd.SingleTensorFunction<Keeper>
    {
        public override string Name => nameof(Keeper);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("state", vars[1]);
            return ((Tensor)vars[0]) * 1;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output, null!];
    }
}
