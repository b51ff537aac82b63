namespace PipelineSdk.Benchmarks.Speed;

/// <summary>One of the ways in which PyTorch runs the work.</summary>
internal sealed class PeerContender(string name, Peer peer, string contender) : Contender(name, ContenderKind.PyTorch)
{
    public static IEnumerable<PeerContender> All(Peer peer) =>
    [
        new("PyTorch, 1 thread", peer, "one"),
        new("PyTorch, all cores", peer, "all"),
        new("PyTorch, 2 processes, gloo 1F1B", peer, "gloo"),
        new("PyTorch, 2 processes, queues 1F1B", peer, "queue"),
    ];

    public override IReadOnlyList<double> Run(int steps) => peer.Run(contender, steps);
}
