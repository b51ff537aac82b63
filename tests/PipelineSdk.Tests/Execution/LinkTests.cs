using PipelineSdk.Execution;
using Xunit;

namespace PipelineSdk.Tests.Execution;

public sealed class LinkTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(64, true)]
    public void Values_arrive_once_and_in_order(int capacity, bool spin)
    {
        const int count = 20_000;
        var link = new Link<int>(capacity, spin);
        var producer = new Thread(() =>
        {
            for (var i = 0; i < count; i++) Assert.True(link.TryPut(i));
        });
        producer.Start();

        for (var i = 0; i < count; i++)
        {
            Assert.True(link.TryTake(out var value));
            Assert.Equal(i, value);
        }

        producer.Join();
        Assert.Equal(0, link.Count);
    }

    [Fact]
    public void A_full_link_makes_the_producer_wait_for_the_consumer()
    {
        var link = new Link<int>(2, spin: false);
        link.TryPut(1);
        link.TryPut(2);
        var third = new Thread(() => link.TryPut(3));
        third.Start();

        Assert.True(link.TryTake(out _));
        third.Join();
        Assert.Equal(2, link.Count);
    }

    [Fact]
    public void Abort_frees_whoever_waits_and_reset_releases_what_is_left()
    {
        var link = new Link<int>(1, spin: false);
        link.TryPut(7);
        var put = true;
        var producer = new Thread(() => put = link.TryPut(8));
        producer.Start();
        link.Abort();
        producer.Join();
        Assert.False(put);
        Assert.False(new Link<int>(1, false) is var empty && AbortWhileTaking(empty));

        var released = new List<int>();
        link.Reset(released.Add);
        Assert.Equal([7], released);
        Assert.True(link.TryPut(9));
    }

    private static bool AbortWhileTaking(Link<int> link)
    {
        var took = true;
        var consumer = new Thread(() => took = link.TryTake(out _));
        consumer.Start();
        link.Abort();
        consumer.Join();
        return took;
    }
}
