using Xunit;

namespace StandIns.Tests.NN;

/// <summary>Tests that depend on the stream of the process-wide generator run alone: any other test may draw from it.</summary>
[CollectionDefinition(nameof(GlobalGenerator), DisableParallelization = true)]
public sealed class GlobalGenerator;
