namespace PipelineSdk.Generators;

/// <summary>Names of the generator's steps, for tests of what is run again and what is cached.</summary>
internal static class TrackingNames
{
    /// <summary>The class parsed, with diagnostics.</summary>
    public const string Parsed = nameof(Parsed);

    /// <summary>How the class is cut, without positions.</summary>
    public const string Model = nameof(Model);

    /// <summary>The statements, with positions.</summary>
    public const string Forward = nameof(Forward);

    /// <summary>What is reported of the class.</summary>
    public const string Diagnostics = nameof(Diagnostics);

    /// <summary>A plan file that is given to the build, read.</summary>
    public const string Plans = nameof(Plans);

    /// <summary>How the class is cut, with the stages of its plan.</summary>
    public const string Planned = nameof(Planned);

    /// <summary>What is wrong with the plan of a class and with the arguments of its <c>[Pipeline]</c>.</summary>
    public const string ClassReports = nameof(ClassReports);

    /// <summary>Whether the project asks what each cut carries.</summary>
    public const string ReportsCuts = nameof(ReportsCuts);

    /// <summary>What each cut carries; nothing unless the project asks.</summary>
    public const string CutWidths = nameof(CutWidths);

    /// <summary>What is reported of attributes outside a <c>[Pipeline]</c> class.</summary>
    public const string StrayAttributes = nameof(StrayAttributes);
}
