using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>
/// Dispose scopes that the user opened in one segment and that are open in the next: every segment gets a scope of its own, and what
/// it hands on is moved out of it. Called by generated code.
/// </summary>
public static class SegmentScope
{
    /// <summary>Moves the tensors of a filled boundary out of the segment's scopes, as <c>MoveToOuterDisposeScope</c> does.</summary>
    /// <param name="output">The boundary.</param>
    /// <param name="scopes">The scopes that end with the segment, the innermost first.</param>
    public static void Keep(Boundary output, params DisposeScope[] scopes)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(scopes);
        output.VisitTensors(new Mover(scopes));
    }

    private sealed class Mover(DisposeScope[] scopes) : ITensorVisitor
    {
        // What came from another segment belongs to none of the scopes, and stays where it is.
        public void Visit(int slot, ref torch.Tensor? tensor)
        {
            if (tensor is null) return;
            foreach (var scope in scopes)
            {
                if (scope.Contains(tensor)) scope.MoveToOuter(tensor);
            }
        }
    }
}
