using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Interop;

public class OpTests
{
    [Fact]
    public void Missing_trailing_arguments_take_the_schemas_defaults()
    {
        using var scope = NewDisposeScope();

        Values.AreEqual(Op.Call("aten::add.Tensor", ones(2), ones(2)), 2, 2);
        Values.AreEqual(Op.Call("aten::add.Tensor", ones(2), ones(2), 3), 4, 4);
        Assert.Equal([1, 1, 3, 3], Op.Call("aten::max_pool2d", zeros(1, 1, 6, 6), 2).shape);
    }

    [Fact]
    public void Numbers_and_lists_become_what_the_schema_wants()
    {
        using var scope = NewDisposeScope();

        Values.AreEqual(Op.Call("aten::mul.Scalar", ones(1), 2), 2);
        Values.AreEqual(Op.Call("aten::mul.Scalar", ones(1), true), 1);
        Values.AreEqual(Op.Call("aten::leaky_relu", full(1, -1.0), 0.5), -0.5f);
        Assert.Equal([2, 3], Op.Call("aten::zeros", new long[] { 2, 3 }).shape);
        Assert.Equal([6], Op.Call("aten::cat", new Tensor[] { zeros(2), zeros(4) }).shape);
        Assert.Equal(ScalarType.ComplexFloat64, Op.Call("aten::scalar_tensor", new System.Numerics.Complex(1, 2), ScalarType.ComplexFloat64).dtype);
    }

    [Fact]
    public void Lists_longer_than_the_inline_buffer_arrive_whole()
    {
        using var scope = NewDisposeScope();
        var many = Enumerable.Range(0, 500).Select(i => full(1, (double)i)).ToArray();

        Values.AreEqual(Op.Call("aten::cat", many).sum(), 500 * 499 / 2);
        Assert.Equal(500, Op.CallMany("aten::unbind.int", zeros(500)).Length);
    }

    [Fact]
    public void Results_that_are_no_tensors_come_back_as_values()
    {
        using var scope = NewDisposeScope();

        Assert.True(Op.CallBool("aten::is_nonzero", ones(1)));
        Assert.Equal(3, Op.CallLong("aten::size.int", zeros(2, 3), 1));
        Assert.Equal(2.5, Op.CallDouble("aten::q_scale", Op.Call("aten::quantize_per_tensor", ones(2), 2.5, 0, 13)));
    }

    [Fact]
    public void Unknown_operators_and_wrong_arguments_are_named()
    {
        using var x = ones(2);

        Assert.Contains("aten::no_such_thing", Throws(() => Op.Call("aten::no_such_thing", x)));
        Assert.Contains("argument 'other' is missing", Throws(() => Op.Call("aten::add.Tensor", x)));
        Assert.Contains("argument 'other' wants a TensorType", Throws(() => Op.Call("aten::add.Tensor", x, "text")));
        Assert.Contains("takes 3 arguments, got 4", Throws(() => Op.Call("aten::add.Tensor", x, x, 1, 1)));

        static string Throws(Action action) => Assert.Throws<ExternalException>(action).Message;
    }

    [Fact]
    public void A_failing_call_leaves_nothing_behind_and_the_next_one_works()
    {
        using var x = ones(2);
        using var y = ones(3);
        var before = Tensor.TotalCount;

        for (var i = 0; i < 20; i++) Assert.Throws<ExternalException>(() => x + y);

        Assert.Equal(before, Tensor.TotalCount);
        using var sum = x + x;
        Values.AreEqual(sum, 2, 2);
    }

    [Fact]
    public void Threads_get_their_own_errors()
    {
        var messages = new string[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            using var x = ones(i + 2);
            for (var round = 0; round < 25; round++)
                messages[i] = Assert.Throws<ExternalException>(() => x.view(100)).Message;
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        for (var i = 0; i < 4; i++) Assert.Equal($"shape '[100]' is invalid for input of size {i + 2}", messages[i]);
    }

    [Fact]
    public void The_number_of_threads_is_set_for_the_calling_thread()
    {
        var former = get_num_threads();
        try
        {
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
            Assert.Throws<ExternalException>(() => set_num_threads(0));
        }
        finally
        {
            set_num_threads(former);
        }
    }
}
