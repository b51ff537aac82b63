namespace System.Diagnostics.CodeAnalysis;

/// <summary>Lets records have <c>required</c> members where the framework lacks the type.</summary>
[AttributeUsage(AttributeTargets.Constructor, Inherited = false)]
internal sealed class SetsRequiredMembersAttribute : Attribute;
