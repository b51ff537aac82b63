using System.Runtime.CompilerServices;
using Xunit;

// The default generator, the thread count and the count of live tensors belong to the process: tests that look at them must be alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace StandIns.Tests;

internal static class Settings
{
    // Small tensors gain nothing from more, and on a busy machine an OpenMP team waits for its slowest member at every operator.
    [ModuleInitializer]
    internal static void OneThreadPerOperator() => TorchSharp.torch.set_num_threads(1);
}
