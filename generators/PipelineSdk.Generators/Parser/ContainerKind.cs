namespace PipelineSdk.Generators.Parser;

/// <summary>What the elements of a member are that a stage may end between.</summary>
internal enum ContainerKind
{
    /// <summary>It has no elements.</summary>
    None,

    /// <summary>A <c>Sequential</c>, which is called as a whole.</summary>
    Sequential,

    /// <summary>A <c>ModuleList</c> or <c>ModuleDict</c>: a module whose elements are walked over.</summary>
    Modules,

    /// <summary>An array or list of modules.</summary>
    List,

    /// <summary>A module that is itself a pipeline class, whose own stages are its elements.</summary>
    Pipeline,
}
