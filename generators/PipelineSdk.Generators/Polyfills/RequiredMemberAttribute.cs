namespace System.Runtime.CompilerServices;

/// <summary>Lets <c>required</c> members be declared where the framework lacks the type.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute;
