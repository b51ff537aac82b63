using Microsoft.Extensions.Logging;
using PipelineSdk.Execution;
using PipelineSdk.Machine;
using PipelineSdk.Tests.Models;
using Xunit;

namespace PipelineSdk.Tests.Machine;

/// <summary>What is found around a pipeline, from files as systems have them.</summary>
public sealed class EnvironmentTests
{
    private const string Debian = """
        55d0c0a00000-55d0c0a12000 r-xp 00000000 08:01 1234 /usr/share/dotnet/dotnet
        7f1b30000000-7f1b30021000 rw-p 00000000 00:00 0 
        7f1b40000000-7f1b40100000 r-xp 00000000 08:01 77 /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3
        7f1b41000000-7f1b43000000 r-xp 00000000 08:01 78 /usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so
        7f1b43000000-7f1b43001000 rw-p 02000000 08:01 78 /usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so
        7f1b50000000-7f1b50200000 r-xp 00000000 08:01 99 /usr/lib/x86_64-linux-gnu/libc.so.6
        7ffd10000000-7ffd10021000 rw-p 00000000 00:00 0 [stack]
        """;

    [Fact]
    public void An_OpenBLAS_with_threads_of_its_own_is_a_problem_with_a_cure()
    {
        var report = Describe(Debian, threads: OpenBlasThreads.Own);
        Assert.Equal("with threads of its own (pthreads)", report.OpenBlas);
        var problem = Assert.Single(report.Problems);
        Assert.Contains("/openblas-pthread/libopenblasp-r0.3.21.so", problem, StringComparison.Ordinal);
        Assert.Contains("Set OPENBLAS_NUM_THREADS=1", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPENBLAS_NUM_THREADS", "1", false)]
    [InlineData("OMP_NUM_THREADS", "1", false)]
    [InlineData("OPENBLAS_NUM_THREADS", "4", true)]
    public void It_is_none_where_the_environment_keeps_it_to_one_thread(string name, string value, bool isProblem)
        => Assert.Equal(isProblem ? 1 : 0, Describe(Debian, threads: OpenBlasThreads.Own, variables: (name, value)).Problems.Count);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(null)]
    public void An_OpenBLAS_without_threads_or_with_OpenMP_is_none_whatever_its_file_is_called(int? threads)
        => Assert.Empty(Describe(Debian, threads: (OpenBlasThreads?)threads).Problems);

    [Theory]
    [InlineData("always [madvise] never", null, false, true)]
    [InlineData("always [madvise] never", "glibc.malloc.hugetlb=0", false, true)]
    [InlineData("always [madvise] never", "glibc.malloc.check=1:glibc.malloc.hugetlb=1", true, false)]
    [InlineData("[always] madvise never", null, true, false)]
    [InlineData("always madvise [never]", "glibc.malloc.hugetlb=1", false, false)]
    [InlineData(null, null, false, false)]
    public void Huge_pages_are_hinted_at_where_the_kernel_would_give_them(string? kernel, string? tunables, bool used, bool hinted)
    {
        var report = Describe(Debian, variables: ("GLIBC_TUNABLES", tunables), files: ("/sys/kernel/mm/transparent_hugepage/enabled", kernel));
        Assert.Equal(used, report.HugePages);
        Assert.Equal(hinted, report.Hints.Any(static hint => hint.Contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1", StringComparison.Ordinal)));
        Assert.Empty(report.Problems);
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "jemalloc")]
    [InlineData("/opt/my libs/libtcmalloc_minimal.so.4", "tcmalloc")]
    [InlineData("/usr/local/lib/libmimalloc.so.2.1", "mimalloc")]
    [InlineData("/lib/ld-musl-x86_64.so.1", "musl")]
    public void Another_allocator_is_seen_before_that_of_the_C_library(string path, string allocator)
    {
        var report = Describe($"{Debian}\n7f1b60000000-7f1b60200000 r-xp 00000000 08:01 99 {path}");
        Assert.Equal((allocator, false, null), (report.Allocator, report.IsAllocatorTuned, report.HugePages));
        Assert.Equal(allocator == "jemalloc" ? 1 : 0, report.Hints.Count);
        Assert.Empty(Describe(path, variables: ("MALLOC_CONF", "dirty_decay_ms:-1,muzzy_decay_ms:-1")).Hints);
    }

    [Theory]
    [InlineData("0::/user.slice/job\n", "/sys/fs/cgroup/user.slice/job/cpu.max", "150000 100000\n", 1.5)]
    [InlineData("0::/user.slice/job\n", "/sys/fs/cgroup/user.slice/cpu.max", "200000 100000\n", 2.0)]
    [InlineData("0::/user.slice/job\n", "/sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n", null)]
    [InlineData("0::/\n", "/sys/fs/cgroup/cpu.max", "50000 100000\n", 0.5)]
    [InlineData("0::/docker/4f\n", "/sys/fs/cgroup/cpu.max", "300000 100000\n", 3.0)]
    [InlineData("0::/docker/4f\n", "/sys/fs/cgroup/cpu.max", "nonsense", null)]
    [InlineData("", "/sys/fs/cgroup/cpu.max", "300000 100000\n", null)]
    public void A_limit_of_processor_time_is_read_from_cgroup_version_2(string groups, string path, string content, double? limit)
        => Assert.Equal(limit, Describe("", files: [("/proc/self/cgroup", groups), (path, content)]).CpuLimit);

    [Theory]
    [InlineData("4:memory:/m\n2:cpu,cpuacct:/docker/4f\n0::/\n", "cpu,cpuacct/docker/4f", "250000", 2.5)]
    [InlineData("2:cpu,cpuacct:/docker/4f\n", "cpu,cpuacct", "250000", 2.5)]
    [InlineData("1:cpu:/a/b\n", "cpu/a", "100000", 1.0)]
    [InlineData("2:cpu,cpuacct:/docker/4f\n", "cpu", "250000", 2.5)]
    [InlineData("1:cpu:/a\n", "cpu/a", "-1", null)]
    [InlineData("3:cpuset:/a\n2:cpuacct:/a\n", "cpu/a", "100000", null)]
    public void And_from_version_1(string groups, string folder, string quota, double? limit)
        => Assert.Equal(limit, Describe("", files:
        [
            ("/proc/self/cgroup", groups),
            ($"/sys/fs/cgroup/{folder}/cpu.cfs_quota_us", $"{quota}\n"),
            ($"/sys/fs/cgroup/{folder}/cpu.cfs_period_us", "100000\n"),
        ]).CpuLimit);

    [Fact]
    public void The_smallest_limit_on_the_way_up_counts() => Assert.Equal(1.5, Describe("", files:
    [
        ("/proc/self/cgroup", "0::/a/b\n"),
        ("/sys/fs/cgroup/a/b/cpu.max", "400000 100000"),
        ("/sys/fs/cgroup/a/cpu.max", "150000 100000"),
        ("/sys/fs/cgroup/cpu.max", "max 100000"),
    ]).CpuLimit);

    [Theory]
    [InlineData(8, null, 8)]
    [InlineData(8, 1.5, 2)]
    [InlineData(8, 0.5, 1)]
    [InlineData(2, 16.0, 2)]
    public void Usable_are_the_cores_of_the_mask_or_of_the_limit(int allowed, double? limit, int usable)
        => Assert.Equal(usable, PipelineEnvironment.UsableCores(allowed, limit));

    [Fact]
    public void Under_a_limit_workers_share_its_cores_and_are_not_bound()
    {
        var log = new LogLines();
        var limited = WorkerThreadSettings.Share(new PipelineOptions(), 2, [.. Enumerable.Range(0, 64)], 8, log);
        Assert.Null(limited.Cores);
        Assert.Equal(4, limited.IntraOpThreads);
        Assert.Contains("the time of 8 of the 64 cores", Assert.Single(log.Lines), StringComparison.Ordinal);

        var free = WorkerThreadSettings.Share(new PipelineOptions(), 2, [0, 1, 2, 3], 4, log);
        Assert.Equal([[0, 1], [2, 3]], free.Cores!);
        Assert.Equal(2, free.IntraOpThreads);
    }

    [Fact]
    public void What_is_wrong_is_said_once_per_process_to_the_first_who_listens()
    {
        var check = new EnvironmentCheck(() => Describe(Debian, threads: OpenBlasThreads.Own));
        var warnings = new List<string>();
        var log = new LogLines { Logged = (level, line) => { if (level == LogLevel.Warning) warnings.Add(line); } };
        var options = new PipelineOptions { TuneAllocator = false };

        check.Run(options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        check.Run(options, log);
        check.Run(options, log);
        for (var i = 0; i < 2; i++) check.CompareThreads(2, 4, 4, cores: 4, log);

        Assert.Equal(2, warnings.Count);
        Assert.StartsWith("The environment makes pipelines slow, and only whoever starts the process can change it. OpenBLAS", warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("2 workers of 4 intra-op threads each are 8 threads on 4 core(s)", warnings[1], StringComparison.Ordinal);
        Assert.Single(log.Lines, static line => line.StartsWith("With the other pipelines of this process there are 12 threads for 4 core(s)", StringComparison.Ordinal));
    }

    [Fact]
    public void The_machine_at_hand_can_be_described()
    {
        using var tensor = TorchSharp.torch.ones(1);
        var report = PipelineEnvironment.Describe();
        Assert.InRange(report.UsableCores, 1, report.AllowedCores);
        Assert.StartsWith($"cores      {report.UsableCores} usable, {report.AllowedCores} allowed", report.ToString(), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux()) Assert.NotNull(report.Allocator);
    }

    private static EnvironmentReport Describe(string maps, OpenBlasThreads? threads = null, (string, string?) variables = default, params (string, string?)[] files)
    {
        var contents = files.ToDictionary(file => file.Item1, file => file.Item2);
        contents["/proc/self/maps"] = maps;
        return PipelineEnvironment.Describe(new SystemSources
        {
            ReadFile = path => contents.GetValueOrDefault(path),
            Variable = name => name == variables.Item1 ? variables.Item2 : null,
            AllowedCores = static () => [0, 1, 2, 3],
            IsLinux = true,
            ThreadsOfOpenBlas = path => path.Contains("libopenblas", StringComparison.Ordinal) ? threads : null,
        });
    }
}
