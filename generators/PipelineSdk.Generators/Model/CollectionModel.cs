namespace PipelineSdk.Generators.Model;

/// <summary>How a copy of a collection is made.</summary>
internal enum CollectionKind
{
    Array,

    /// <summary><c>List</c>.</summary>
    List,

    /// <summary>An interface of a sequence, whose copy is a <c>List</c>.</summary>
    Sequence,

    /// <summary><c>IEnumerable</c>, which may hide a query that has not run yet.</summary>
    Enumerable,

    Queue,
    Stack,

    /// <summary><c>Dictionary</c> or <c>SortedDictionary</c>.</summary>
    Dictionary,

    /// <summary>An interface of a dictionary, whose copy is a <c>Dictionary</c>.</summary>
    Lookup,
}

/// <summary>A collection that holds tensors.</summary>
/// <param name="Type">The declared type.</param>
/// <param name="Display">The declared type, as written in source.</param>
/// <param name="Nullable">Whether the value may be null.</param>
/// <param name="Kind">How a copy is made.</param>
/// <param name="CopyType">The class of the copy that elements are added to.</param>
/// <param name="Element">The element; the value of a dictionary's entry.</param>
internal sealed record CollectionModel(
    string Type, string Display, bool Nullable, CollectionKind Kind, string CopyType, ValueModel Element)
    : ValueModel(Type, Display, Nullable)
{
    public bool HasKeys => Kind is CollectionKind.Dictionary or CollectionKind.Lookup;
}
