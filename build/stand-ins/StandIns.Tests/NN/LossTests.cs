using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.Tests.NN;

public sealed class LossTests
{
    private static readonly Reduction[] Reductions = [Reduction.None, Reduction.Mean, Reduction.Sum];

    private static void Check(double[] each, Func<Reduction, Loss<Tensor, Tensor, Tensor>> loss, Tensor input, Tensor target, double count = 0)
    {
        foreach (var reduction in Reductions)
        {
            using var module = loss(reduction);
            Assert.Equal(reduction, module.reduction);
            using var value = module.forward(input, target);
            if (reduction == Reduction.None)
                Values.Close(each, value, 1e-11);
            else
                Values.Close([reduction == Reduction.Sum ? each.Sum() : each.Sum() / (count > 0 ? count : each.Length)], value, 1e-11);
        }
    }

    [Fact]
    public void Element_losses_are_their_formulas()
    {
        using var input = Values.Of(1.0, 3.0, -2.0);
        using var target = Values.Of(1.5, 0.0, -2.0);

        Check([0.25, 9, 0], r => MSELoss(r), input, target);
        Check([0.5, 3, 0], r => L1Loss(r), input, target);
        Check([0.125, 2.5, 0], r => SmoothL1Loss(r), input, target);
        Check([0.0625, 2, 0], r => SmoothL1Loss(r, beta: 2), input, target);
    }

    [Fact]
    public void Cross_entropy_is_the_log_loss_of_the_softmax()
    {
        using var logits = Values.Wave(1, 3, 4);
        using var classes = Values.OfLongs([3], 2, 0, 3);
        using var weight = Values.Of(1, 2, 3, 4);
        var rows = Values.Read(logits).Chunk(4).ToList();
        double Loss(int row, int label) => Math.Log(rows[row].Sum(Math.Exp)) - rows[row][label];

        Check([Loss(0, 2), Loss(1, 0), Loss(2, 3)], r => CrossEntropyLoss(reduction: r), logits, classes);
        Check([3 * Loss(0, 2), Loss(1, 0), 4 * Loss(2, 3)], r => CrossEntropyLoss(weight, reduction: r), logits, classes, 8);
        Check([Loss(0, 2), 0, Loss(2, 3)], r => CrossEntropyLoss(ignore_index: 0, reduction: r), logits, classes, 2);
        Check(
            [.. new[] { 2, 0, 3 }.Select((label, row) => 0.8 * Loss(row, label) + 0.05 * Enumerable.Range(0, 4).Sum(other => Loss(row, other)))],
            r => new CrossEntropyLoss(reduction: r, label_smoothing: 0.2), logits, classes);

        using var logarithms = functional.log_softmax(logits, 1);
        Check([Loss(0, 2), Loss(1, 0), Loss(2, 3)], r => NLLLoss(reduction: r), logarithms, classes);
    }

    [Fact]
    public void Cross_entropy_takes_probabilities_and_images()
    {
        using var logits = Values.Wave(1, 2, 3, 2, 2);
        using var probabilities = functional.softmax(Values.Wave(5, 2, 3, 2, 2), 1);
        using var classes = Values.OfLongs([2, 2, 2], 0, 1, 2, 0, 1, 2, 0, 1);

        var x = Values.Read(logits);
        var p = Values.Read(probabilities);
        double Log(int n, int c, int place)
            => x[n * 12 + c * 4 + place] - Math.Log(Enumerable.Range(0, 3).Sum(k => Math.Exp(x[n * 12 + k * 4 + place])));
        var (hard, soft) = (0.0, 0.0);
        for (var n = 0; n < 2; n++)
            for (var place = 0; place < 4; place++)
            {
                hard -= Log(n, (n * 4 + place) % 3, place);
                for (var c = 0; c < 3; c++) soft -= p[n * 12 + c * 4 + place] * Log(n, c, place);
            }

        Values.Close([hard / 8], functional.cross_entropy(logits, classes));
        Values.Close([soft / 8], functional.cross_entropy(logits, probabilities));
    }

    [Fact]
    public void Its_gradient_is_softmax_minus_one_hot()
    {
        using var logits = Values.Wave(1, 2, 3).requires_grad_();
        using var classes = Values.OfLongs([2], 2, 0);

        functional.cross_entropy(logits, classes).backward();

        using var expected = functional.softmax(Op.Call("aten::detach", logits), 1);
        var values = Values.Read(expected);
        values[2] -= 1;
        values[3] -= 1;
        Values.Close([.. values.Select(value => value / 2)], logits.grad!);
    }

    [Fact]
    public void Binary_cross_entropy_of_probabilities_and_of_logits()
    {
        double[] z = [-1, 0.5, 2];
        double[] t = [0, 1, 0.25];
        double[] w = [1, 2, 3];
        double[] positive = [2, 3, 4];
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        double[] Each(Func<int, double> weight, Func<int, double> up)
            => [.. Enumerable.Range(0, 3).Select(i => -weight(i) * (up(i) * t[i] * Math.Log(Sigmoid(z[i])) + (1 - t[i]) * Math.Log(1 - Sigmoid(z[i]))))];

        using var logits = Values.Of(z);
        using var probabilities = functional.sigmoid(logits);
        using var target = Values.Of(t);
        using var weights = Values.Of(w);
        using var ups = Values.Of(positive);

        Check(Each(_ => 1, _ => 1), r => BCELoss(reduction: r), probabilities, target);
        Check(Each(i => w[i], _ => 1), r => BCELoss(weights, r), probabilities, target);
        Check(Each(_ => 1, _ => 1), r => BCEWithLogitsLoss(reduction: r), logits, target);
        Check(Each(i => w[i], i => positive[i]), r => BCEWithLogitsLoss(weights, r, ups), logits, target);
    }
}
