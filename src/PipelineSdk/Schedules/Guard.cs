using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Argument checks that also compile for netstandard2.0, where the generator links these files.</summary>
internal static class Guard
{
    public static T NotNull<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    public static int AtLeast(int minimum, int value, string name, string what) => value >= minimum
        ? value
        : throw new ArgumentOutOfRangeException(name, value, Invariant($"{what} must be at least {minimum}."));

    public static long NotNegative(long value, string name, string what) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, what + " must not be negative.");

    public static double NotNegative(double value, string name, string what) => value >= 0 && !double.IsInfinity(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, what + " must be a finite number, at least 0.");
}
