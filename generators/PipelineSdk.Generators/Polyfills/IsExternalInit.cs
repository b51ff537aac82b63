using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>Lets records be declared where the framework lacks the type.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
