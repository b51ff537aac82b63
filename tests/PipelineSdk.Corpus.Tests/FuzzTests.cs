namespace PipelineSdk.Corpus.Tests;

/// <summary>Whatever is half typed, the generator neither fails nor reports an error of its own.</summary>
public sealed class FuzzTests
{
    private const int Tries = 9;

    public static TheoryData<string, string> Models()
    {
        var rows = new TheoryData<string, string>();
        foreach (var folder in new[] { CorpusSources.Supported, CorpusSources.Refused, CorpusSources.Pending })
        {
            foreach (var name in CorpusSources.In(folder)) rows.Add(folder, name);
        }

        return rows;
    }

    // Cut off at a place, with a piece missing, twice or elsewhere: the places are the same in every run.
    [Theory]
    [MemberData(nameof(Models))]
    public void Half_typed_models_are_no_trouble(string folder, string name)
    {
        var source = CorpusSources.ReadModel(folder, name);
        var random = new Random(source.Length);
        for (var i = 0; i < Tries; i++)
        {
            var (at, to) = (random.Next(source.Length), random.Next(source.Length));
            var rest = Math.Min(source.Length, at + random.Next(1, 40));
            var piece = source[at..rest];
            var broken = (i % 3) switch
            {
                0 => source[..at] + source[rest..],
                1 => source[..at] + piece + piece + source[rest..],
                _ => source.Insert(to, piece),
            };
            Assert.DoesNotContain(Generation.Of(broken).Reported, diagnostic => diagnostic.Id is "PSDK0999" or "CS8785");
        }
    }
}
