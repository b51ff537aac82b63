using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// The process's one random number generator on the CPU, from which dropout and all other operations draw. Whoever draws takes it for himself,
/// seeds it, and leaves it as it was before.
/// </summary>
internal static class ProcessGenerator
{
    private static readonly object Gate = new();
    private static Tensor? before;
    private static Tensor? seeded;

    /// <summary>Whether anybody has drawn since <see cref="Take"/>, where that was to watch.</summary>
    public static bool WasDrawnFrom
    {
        get
        {
            using var now = State();
            return !Same(now, seeded!);
        }
    }

    /// <summary>Takes the generator, on the thread that will draw from it.</summary>
    /// <param name="key">What to seed it with.</param>
    /// <param name="watch">Whether <see cref="WasDrawnFrom"/> will be asked.</param>
    public static void Take(long key, bool watch)
    {
        Monitor.Enter(Gate);
        before = State();
        manual_seed(key).Dispose();
        if (watch) seeded = State();
    }

    /// <summary>Gives the generator back as it was before it was taken.</summary>
    public static void Return()
    {
        set_rng_state(before!);
        Clear();
        Monitor.Exit(Gate);
    }

    /// <summary>
    /// Gives it back for a while, where the calling thread has it: what runs now may wait for others that need it. Disposing the result takes it again,
    /// as it was.
    /// </summary>
    public static Loan Lend()
    {
        if (!Monitor.IsEntered(Gate)) return default;
        var loan = new Loan(State(), seeded);
        seeded = null;
        Return();
        return loan;
    }

    /// <summary>The generator's state when nobody has it, for the caller to dispose.</summary>
    public static Tensor Snapshot()
    {
        lock (Gate) return State();
    }

    /// <summary>Whether two states are the same.</summary>
    public static bool Same(Tensor state, Tensor other) => state.bytes.SequenceEqual(other.bytes);

    private static Tensor State() => get_rng_state().DetachFromDisposeScope();

    private static void Clear()
    {
        before?.Dispose();
        seeded?.Dispose();
        before = seeded = null;
    }

    /// <summary>The time in which the generator is given back.</summary>
    internal readonly struct Loan(Tensor? drawnSoFar, Tensor? watched) : IDisposable
    {
        public void Dispose()
        {
            if (drawnSoFar is null) return;
            Monitor.Enter(Gate);
            before = State();
            set_rng_state(drawnSoFar);
            drawnSoFar.Dispose();
            seeded = watched;
        }
    }
}
