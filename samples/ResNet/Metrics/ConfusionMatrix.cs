namespace ResNet.Metrics;

/// <summary>Counts how often images of each class were taken for which class.</summary>
internal sealed class ConfusionMatrix(int classes)
{
    private readonly long[,] counts = new long[classes, classes];

    public void Add(long label, long predicted) => counts[label, predicted]++;

    /// <summary>
    /// Accuracy, and precision, recall and F1 averaged over the classes with equal weight. A class that is neither among the
    /// labels nor predicted is left out; a quotient with a zero below counts as zero.
    /// </summary>
    public Scores Scores()
    {
        double precision = 0, recall = 0, f1 = 0;
        long total = 0, right = 0;
        int present = 0;
        for (int label = 0; label < classes; label++)
        {
            long truePositives = counts[label, label], labelled = 0, predicted = 0;
            for (int other = 0; other < classes; other++)
            {
                labelled += counts[label, other];
                predicted += counts[other, label];
            }

            total += labelled;
            right += truePositives;
            if (labelled + predicted > 0)
            {
                present++;
                precision += Quotient(truePositives, predicted);
                recall += Quotient(truePositives, labelled);
                f1 += Quotient(2 * truePositives, labelled + predicted);
            }
        }

        return new Scores(Quotient(right, total), precision / Math.Max(present, 1), recall / Math.Max(present, 1), f1 / Math.Max(present, 1));
    }

    private static double Quotient(long above, long below) => below == 0 ? 0 : (double)above / below;
}
