namespace PipelineSdk.Model;

/// <summary>Checks and reads values that are taken apart at a cut and rebuilt behind it; called by generated code.</summary>
public static class BoundaryValue
{
    /// <summary>Checks that rebuilding a <typeparamref name="T"/> loses nothing: a derived object would lose its own part.</summary>
    /// <param name="slot">The variable, with the path to the value.</param>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">The type that the value is declared with.</typeparam>
    /// <exception cref="InvalidOperationException">The value is null, or its type is derived from <typeparamref name="T"/>.</exception>
    public static void RequireExact<T>(string slot, T? value)
        where T : class
    {
        if (value is null)
        {
            throw new InvalidOperationException(
                $"'{slot}' is null, but its type {TypeName.Of(typeof(T))} says that it never is. Declare it as {TypeName.Of(typeof(T))}?, or give it a value.");
        }

        RequireExactOrNull(slot, value);
    }

    /// <summary>The same for a value that may be null.</summary>
    /// <param name="slot">The variable, with the path to the value.</param>
    /// <param name="value">The value, or null.</param>
    /// <typeparam name="T">The type that the value is declared with.</typeparam>
    /// <exception cref="InvalidOperationException">The value's type is derived from <typeparamref name="T"/>.</exception>
    public static void RequireExactOrNull<T>(string slot, T? value)
        where T : class
    {
        if (value is not null && value.GetType() != typeof(T))
        {
            throw new InvalidOperationException(
                $"'{slot}' is declared as {TypeName.Of(typeof(T))}, but holds a {TypeName.Of(value.GetType())}, which would arrive in the next stage as "
                + $"a {TypeName.Of(typeof(T))} without its own part. Declare it as {TypeName.Of(value.GetType())}, or give it a {TypeName.Of(typeof(T))}.");
        }
    }

    /// <summary>Checks that a sequence is a collection: a query that runs when it is read would run in another stage than it was written for.</summary>
    /// <param name="slot">The variable, with the path to the sequence.</param>
    /// <param name="values">The sequence.</param>
    /// <typeparam name="T">The type of its elements.</typeparam>
    /// <exception cref="InvalidOperationException">It is no collection.</exception>
    public static void RequireCollection<T>(string slot, IEnumerable<T> values)
    {
        if (values is not (ICollection<T> or IReadOnlyCollection<T>))
        {
            throw new InvalidOperationException(
                $"'{slot}' holds a {TypeName.Of(values?.GetType() ?? typeof(IEnumerable<T>))}, a query that runs only when it is read. Call ToList() on it first.");
        }
    }

    /// <summary>The comparer of a dictionary behind an interface; null, the default, for other classes.</summary>
    /// <param name="entries">The dictionary.</param>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    public static IEqualityComparer<TKey>? ComparerOf<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> entries)
        where TKey : notnull
        => (entries as Dictionary<TKey, TValue>)?.Comparer;
}
