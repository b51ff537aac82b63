using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Diagnostics;

/// <summary>Everything the generator reports. Each entry has a page in docs/diagnostics and a row in AnalyzerReleases.</summary>
/// <remarks>Where no right code can be generated it is an error; where the code is right but surely not meant, a warning; what is
/// worth knowing is information, and what an editor may offer to write down is hidden.</remarks>
internal static class DiagnosticCatalogue
{
    /// <summary>Where the pages stand.</summary>
    public const string HelpRoot = "https://github.com/PipelineSdk/PipelineSdk/blob/main/docs/diagnostics/";

    private const string Category = "PipelineSdk";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "PSDK0001",
        "A pipeline class and the types around it must be partial",
        "'{0}' must be declared partial, because the other part of the pipeline class '{1}' is generated: add 'partial' before the keyword that declares '{0}'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0001.md");

    public static readonly DiagnosticDescriptor NotAModule = new(
        "PSDK0002",
        "A pipeline class must derive from nn.Module<...>",
        "'{0}' is marked [Pipeline] but does not derive from TorchSharp.torch.nn.Module<...>, so there is no forward to cut: derive it from Module<Tensor, Tensor> or one of its siblings",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0002.md");

    public static readonly DiagnosticDescriptor NoForward = new(
        "PSDK0003",
        "A pipeline class must override forward itself",
        "'{0}' does not override forward with a body of its own, so there is nothing to cut: move the override into '{0}', or mark the class that declares it",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0003.md");

    public static readonly DiagnosticDescriptor StageNumbers = new(
        "PSDK0004",
        "Stages must be numbered from 0 without a gap",
        "{0}: number the stages from 0 without a gap",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0004.md");

    public static readonly DiagnosticDescriptor MemberInTwoStages = new(
        "PSDK0005",
        "A member may be used by one stage only",
        "'{0}' is used here in stage {1}, but was used before in stage {2}; its gradient would be written by two threads: {3}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0005.md");

    public static readonly DiagnosticDescriptor FlowsBackwards = new(
        "PSDK0006",
        "Data flows from lower to higher stages only",
        "'{0}' belongs to stage {1}, but forward has already reached stage {2} here: give '{0}' stage {2} or a later one, or move this use before the first use of stage {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0006.md");

    public static readonly DiagnosticDescriptor CutInsideStatement = new(
        "PSDK0007",
        "A cut can't lie here",
        "'{0}' belongs to stage {1} and '{2}' to stage {3}, but both stand in {4}, which can't be divided: {5}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0007.md");

    public static readonly DiagnosticDescriptor EarlyReturn = new(
        "PSDK0008",
        "Only the last stage may leave forward",
        "This {0} stands in stage {1}, but forward goes on to stage {2}: {3}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0008.md");

    public static readonly DiagnosticDescriptor ValueCannotCross = new(
        "PSDK0009",
        "A value can't cross a cut",
        "'{0}' is needed after the cut between stage {1} and stage {2}, but {3}: {4}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0009.md");

    public static readonly DiagnosticDescriptor UsingSpansCut = new(
        "PSDK0010",
        "A using declaration can't span a cut",
        "'{0}' is disposed at the end of forward, but stage {1} ends before that and runs on another thread: {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0010.md");

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        "PSDK0011",
        "Pipeline classes need C# 11",
        "The generated part of '{0}' needs C# 11 or later, but the project is compiled as C# {1}: raise LangVersion, or remove it from the project",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0011.md");

    public static readonly DiagnosticDescriptor StagesNeedElements = new(
        "PSDK0012",
        "[PipelineStages] splits what has elements into parts of at least one",
        "[PipelineStages] on '{0}': {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0012.md");

    public static readonly DiagnosticDescriptor SplitMemberNotDivisible = new(
        "PSDK0013",
        "This use of a split container can't be divided",
        "'{0}' {1}, but {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0013.md");

    public static readonly DiagnosticDescriptor StrayAttribute = new(
        "PSDK0014",
        "A stage attribute has no effect outside a pipeline class",
        "'{0}' carries [{1}], but its class '{2}' is not marked [Pipeline], so it has no effect: mark the class or remove the attribute",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0014.md");

    public static readonly DiagnosticDescriptor ConflictingAttributes = new(
        "PSDK0015",
        "A member is placed twice",
        "'{0}' carries both [PipelineStage] and [PipelineStages]: keep the one that is meant",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0015.md");

    public static readonly DiagnosticDescriptor MemberNeverUsed = new(
        "PSDK0016",
        "A placed member is never used in forward",
        "'{0}' is {1}, but forward never uses it: use it, or remove the attribute",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0016.md");

    public static readonly DiagnosticDescriptor UnsupportedContainer = new(
        "PSDK0017",
        "The other part of this class can't be generated",
        "The other part of '{0}' can't be generated: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0017.md");

    public static readonly DiagnosticDescriptor InputNotDivisible = new(
        "PSDK0018",
        "An input or result can't be divided into micro-batches",
        "The {0} of forward can't be {1} micro-batches, because {2}: {3}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0018.md");

    public static readonly DiagnosticDescriptor StateInTwoStages = new(
        "PSDK0020",
        "State that forward writes may be used by one stage only",
        "'{0}' is {1} here in stage {2} and {3} in stage {4}; the stages run at the same time, each at another micro-batch: hand the value on in a local variable, or keep all uses of '{0}' in one stage",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0020.md");

    public static readonly DiagnosticDescriptor UnregisteredModules = new(
        "PSDK0021",
        "RegisterComponents does not look into a collection",
        "'{0}' is a {1}, and RegisterComponents() does not look into it: its {2} are in neither parameters() nor state_dict(), so they are not trained, saved or moved; make it a {3}, or call {4} for each",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0021.md");

    public static readonly DiagnosticDescriptor AssignedAfterRegistration = new(
        "PSDK0022",
        "A layer is assigned after RegisterComponents",
        "'{0}' is assigned after RegisterComponents(), which registers what the fields hold when it runs: what is assigned here is in neither parameters() nor state_dict(); assign it before, or call {1}(\"{0}\", {0}) after",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0022.md");

    public static readonly DiagnosticDescriptor MasksDependOnOrder = new(
        "PSDK0023",
        "Stages that draw random numbers take turns",
        "'{0}' draws random numbers, and so does another stage: each gets its own, the same ones for the same seed, but segments that draw by other means than a Dropout layer that is run with call do not run at the same time",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0023.md");

    public static readonly DiagnosticDescriptor StatisticsOfMicroBatches = new(
        "PSDK0024",
        "Batch normalisation sees micro-batches",
        "'{0}' normalises each micro-batch by its own statistics when it trains, not the batch by those of the batch: use fewer, larger micro-batches, or a norm that does not look across samples (GroupNorm, LayerNorm)",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0024.md");

    public static readonly DiagnosticDescriptor StageByPosition = new(
        "PSDK0025",
        "A member without a stage runs in the stage of its position",
        "'{0}' has no stage; it runs in stage {1} by position: pin it with [PipelineStage({1})] to say so",
        Category,
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0025.md");

    public static readonly DiagnosticDescriptor CutWidth = new(
        "PSDK0026",
        "What a cut carries",
        "Cut {0} after this {1} carries {2}",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0026.md");

    public static readonly DiagnosticDescriptor ScheduleArguments = new(
        "PSDK0027",
        "Schedule, workers and micro-batches must fit the stages",
        "'{0}' can't be trained as [Pipeline] says: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0027.md");

    public static readonly DiagnosticDescriptor PlanDoesNotFit = new(
        "PSDK0028",
        "A plan in the build must fit its model",
        "'{0}' can't be placed by {1}: {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0028.md");

    public static readonly DiagnosticDescriptor PlanNotRead = new(
        "PSDK0029",
        "A plan in the build can't be read",
        "{0} can't be read: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0029.md");

    public static readonly DiagnosticDescriptor TiedNames = new(
        "PSDK0030",
        "A name in [TiedWeights] must be that of a parameter",
        "[TiedWeights] on '{0}' {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0030.md");

    public static readonly DiagnosticDescriptor RunWithForward = new(
        "PSDK0031",
        "Layers are better run with call",
        "'{0}' is run with forward, where TorchSharp runs no hooks: split backwards, deferred batch statistics and dropout that waits for no other stage need call",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0031.md");

    public static readonly DiagnosticDescriptor InternalError = new(
        "PSDK0999",
        "Internal error of the pipeline generator",
        "The generator failed on '{0}' with {1}: {2} ({3}); this is a defect of PipelineSdk, please report it with the class",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "PSDK0999.md");
}
