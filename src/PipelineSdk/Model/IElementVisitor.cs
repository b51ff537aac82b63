namespace PipelineSdk.Model;

/// <summary>A visitor that is also told which element of a collection comes next, before the tensors in it.</summary>
public interface IElementVisitor : ITensorVisitor
{
    /// <summary>Called once per element.</summary>
    /// <param name="slot">The slot of the collection.</param>
    /// <param name="depth">0 for an element of the collection itself, 1 for an element of one of its elements, and so on.</param>
    /// <param name="key">The key in a dictionary; the number, counted from 0, in any other collection.</param>
    void Enter(int slot, int depth, object key);
}
