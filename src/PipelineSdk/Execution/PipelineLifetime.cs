namespace PipelineSdk.Execution;

/// <summary>
/// Lets one step at a time into a pipeline, and none once it is disposed of. The step that runs then is given up; whoever has the turn after
/// that ends the pipeline: a disposer that waited for it, or the step's caller where the disposer could not wait, as within the step itself.
/// </summary>
/// <param name="name">The pipeline's name.</param>
/// <param name="isWithinStep">Whether the calling thread is a worker's.</param>
/// <param name="end">Ends the threads and disposes what the pipeline owns. Called once, while no step runs.</param>
internal sealed class PipelineLifetime(string name, Func<bool> isWithinStep, Action end) : IDisposable, IAsyncDisposable
{
    // Neither holds anything native; other disposers may still wait for the turn.
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource disposing = new();
    private int callerOfStep;
    private bool ended;

    /// <summary>Is cancelled when the pipeline is disposed of.</summary>
    public CancellationToken Disposing => disposing.Token;

    /// <summary>What a step is given up with then.</summary>
    public ObjectDisposedException GivenUp(long step)
        => new(name, $"Pipeline '{name}' was disposed while step {step} was running: the step was given up between two actions.");

    /// <summary>Takes the turn for a step.</summary>
    /// <exception cref="InvalidOperationException">Another step is running.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline has been disposed.</exception>
    public void Enter()
    {
        RequireNotDisposed();
        if (!turn.Wait(0))
        {
            throw new InvalidOperationException(
                $"Pipeline '{name}' is running a step already: a pipeline runs one at a time. Wait for it, or build a second pipeline.");
        }

        if (disposing.IsCancellationRequested)
        {
            Leave();
            RequireNotDisposed();
        }

        callerOfStep = Environment.CurrentManagedThreadId;
    }

    /// <summary>Gives the turn back.</summary>
    public void Leave()
    {
        callerOfStep = 0;
        try
        {
            if (disposing.IsCancellationRequested) End();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Gives the running step up, waits until it has stopped, and ends the pipeline. Within a step it does not wait.</summary>
    public void Dispose()
    {
        disposing.Cancel();
        if (IsWithinStep) return;
        turn.Wait();
        Leave();
    }

    /// <summary>As <see cref="Dispose"/>, but the calling thread is not blocked.</summary>
    public async ValueTask DisposeAsync()
    {
        disposing.Cancel();
        if (IsWithinStep) return;
        await turn.WaitAsync().ConfigureAwait(false);
        // Threads are joined: not on the caller's.
        await Task.Run(Leave).ConfigureAwait(false);
    }

    private bool IsWithinStep => callerOfStep == Environment.CurrentManagedThreadId || isWithinStep();

    private void RequireNotDisposed()
    {
        if (disposing.IsCancellationRequested) throw new ObjectDisposedException(name, $"Pipeline '{name}' has been disposed.");
    }

    private void End()
    {
        if (ended) return;
        ended = true;
        end();
    }
}
