using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace StandIns.Tests.NN;

public sealed class SchedulerTests
{
    /// <summary>The rates of both groups (first rates 0.5 and 2) follow base · factor(epoch), step by step and when set to an epoch.</summary>
    private static void Follows(Func<Optimizer, lr_scheduler.LRScheduler> create, Func<double, int, double> rate)
    {
        using var left = nn.Parameter(Values.Of(1.0));
        using var right = nn.Parameter(Values.Of(1.0));
        using var optimizer = SGD([new TorchSharp.Modules.SGD.ParamGroup([left], lr: 0.5), new([right], lr: 2)], 1);

        var scheduler = create(optimizer);
        for (var epoch = 0; epoch < 12; epoch++)
        {
            foreach (var (actual, first) in scheduler.get_last_lr().Zip([0.5, 2.0]))
                Assert.Equal(rate(first, epoch), actual, 1e-12);
            Assert.Equal(scheduler.get_last_lr(), optimizer.ParamGroups.Select(group => group.LearningRate));
            scheduler.step();
        }

        scheduler.step(7);
        Assert.Equal(rate(2, 7), scheduler.get_last_lr().Last(), 1e-12);
        scheduler.step(123.4, 3);
        Assert.Equal(rate(0.5, 3), scheduler.get_last_lr().First(), 1e-12);
    }

    [Fact]
    public void Step() => Follows(o => lr_scheduler.StepLR(o, 3, 0.5), (first, epoch) => first * Math.Pow(0.5, epoch / 3));

    [Fact]
    public void Multi_step()
        => Follows(o => lr_scheduler.MultiStepLR(o, [2, 5], 0.1), (first, epoch) => first * (epoch < 2 ? 1 : epoch < 5 ? 0.1 : 0.01));

    [Fact]
    public void Exponential() => Follows(o => lr_scheduler.ExponentialLR(o, 0.9), (first, epoch) => first * Math.Pow(0.9, epoch));

    [Fact]
    public void Lambda() => Follows(o => lr_scheduler.LambdaLR(o, epoch => 1.0 / (epoch + 1)), (first, epoch) => first / (epoch + 1));

    [Fact]
    public void Cosine_annealing_falls_to_the_minimum_and_rises_again()
        => Follows(
            o => lr_scheduler.CosineAnnealingLR(o, 4, 0.01),
            (first, epoch) => 0.01 + (first - 0.01) * (1 + Math.Cos(Math.PI * epoch / 4)) / 2);
}
