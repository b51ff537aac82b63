using Xunit;

namespace StandIns.Tests.NN;

/// <summary>A test against PyTorch itself: skipped where the system's Python cannot import torch.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!PythonReference.IsAvailable) Skip = "/usr/bin/python3 cannot import torch (Debian: apt-get install python3-torch)";
    }
}
