using System.IO.Compression;
using Xunit;

namespace StandIns.Tests.Api;

public class ApiSubsetTests
{
    private static readonly HashSet<string> Listing = ReadListing();
    private static readonly IReadOnlyList<string> Surface = PublicSurface.Of(typeof(TorchSharp.torch).Assembly.Location);

    [Fact]
    public void Every_public_and_protected_symbol_of_the_stand_in_stands_in_TorchSharp()
    {
        var extra = Surface.Where(line => !Listing.Contains(line)).ToList();

        Assert.True(extra.Count == 0, "Not in TorchSharp's public API:\n" + string.Join('\n', extra));
    }

    [Fact]
    public void The_listing_and_the_surface_are_read_in_the_same_form()
    {
        Assert.Equal(5395, Listing.Count);
        Assert.Contains("T class TorchSharp.torch.Tensor", Surface);
        Assert.Contains("M public void TorchSharp.torch.Tensor.backward()", Surface);
        Assert.Contains(
            "M public static TorchSharp.torch.Tensor TorchSharp.torch.cat(System.Collections.Generic.IList<TorchSharp.torch.Tensor> tensors, long dim = 0)",
            Surface);
    }

    [Fact]
    public void The_assembly_binds_to_any_real_TorchSharp()
    {
        var name = typeof(TorchSharp.torch).Assembly.GetName();

        Assert.Equal("TorchSharp", name.Name);
        Assert.True(name.Version <= new Version(0, 105, 2, 0), $"the stand-in's assembly version is {name.Version}");
        Assert.Empty(name.GetPublicKeyToken() ?? []);
    }

    private static HashSet<string> ReadListing()
    {
        using var packed = typeof(ApiSubsetTests).Assembly.GetManifestResourceStream("torchsharp-api.txt.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
    }
}
