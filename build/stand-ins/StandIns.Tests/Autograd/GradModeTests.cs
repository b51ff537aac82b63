using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Autograd;

public class GradModeTests
{
    [Fact]
    public void Modes_nest_and_come_back()
    {
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            using (enable_grad()) Assert.True(is_grad_enabled());
            using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Without_gradients_no_graph_is_built()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();

        using (no_grad()) Assert.False((x * 2).requires_grad);
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void A_new_thread_starts_with_gradients()
    {
        using var mode = no_grad();
        var seen = false;

        var thread = new Thread(() => seen = is_grad_enabled());
        thread.Start();
        thread.Join();

        Assert.True(seen);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void Tensors_of_inference_mode_cannot_be_saved_for_backward()
    {
        using var scope = NewDisposeScope();
        TorchSharp.torch.Tensor y;
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            y = ones(2) * 2;
        }

        Assert.False(is_inference_mode_enabled());
        Assert.Throws<ExternalException>(() => y * ones(2).requires_grad_());
    }

    [Fact]
    public void Backward_works_on_another_thread_than_forward()
    {
        using var scope = NewDisposeScope();
        var x = ones(4).requires_grad_();
        var loss = (x * 3).sum();

        var thread = new Thread(() => loss.backward());
        thread.Start();
        thread.Join();

        Values.AreEqual(x.grad!, 3, 3, 3, 3);
    }

    [Fact]
    public void Threads_with_their_own_models_do_not_disturb_each_other()
    {
        var expected = Train(7);
        var results = new float[4][];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() => results[i] = Train(7))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(results, result => Assert.Equal(expected, result));

        static float[] Train(ulong seed)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed);
            var w = rand([8, 8], generator: generator).requires_grad_();
            var x = rand([4, 8], generator: generator);
            for (var step = 0; step < 20; step++)
            {
                x.mm(w).sigmoid().sum().backward();
                using (no_grad()) w.sub_(w.grad! * 0.1);
                w.grad = null;
            }

            return Values.Of(w);
        }
    }
}
