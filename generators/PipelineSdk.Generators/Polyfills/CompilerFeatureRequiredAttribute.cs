namespace System.Runtime.CompilerServices;

/// <summary>Lets <c>required</c> members be declared where the framework lacks the type.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    /// <summary>The language feature.</summary>
    public string FeatureName { get; } = featureName;
}
