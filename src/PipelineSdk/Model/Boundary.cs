namespace PipelineSdk.Model;

/// <summary>
/// The values alive at a cut. Generated code derives one class per cut, with a typed field per value; the runtime only needs to
/// reach the tensors among them.
/// </summary>
public abstract class Boundary
{
    /// <summary>
    /// Shows every tensor slot to <paramref name="visitor"/>, in slot order, and stores back what it leaves there. Slots of other
    /// types (scalars, objects) are not shown. A slot holding several tensors (a collection) shows each in turn under the one slot number,
    /// and stores back a copy of the collection: a clone of the boundary shares it. An <see cref="IElementVisitor"/> is told of each element.
    /// </summary>
    public abstract void VisitTensors(ITensorVisitor visitor);

    /// <summary>Forgets every value, so that the object can be used again and keeps nothing alive.</summary>
    public abstract void Clear();

    /// <summary>A copy that holds the same values.</summary>
    public Boundary Clone() => (Boundary)MemberwiseClone();
}
