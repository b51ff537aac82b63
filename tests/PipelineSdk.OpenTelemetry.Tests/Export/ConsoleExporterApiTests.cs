using System.Reflection;
using OpenTelemetry.Exporter;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>The stand-in for the console exporter must not offer what the package does not have. Holds for the package too.</summary>
public sealed class ConsoleExporterApiTests
{
    // What the package has of what is used here, type by type.
    private static readonly string[] InThePackage =
    [
        "ConsoleActivityExporter: ExportResult Export(in Batch<Activity> batch)",
        "ConsoleActivityExporter: new(ConsoleExporterOptions options)",
        "ConsoleExporter`1: Void WriteLine(String message)",
        "ConsoleExporter`1: new(ConsoleExporterOptions options)",
        "ConsoleExporterHelperExtensions: TracerProviderBuilder AddConsoleExporter(TracerProviderBuilder builder)",
        "ConsoleExporterHelperExtensions: TracerProviderBuilder AddConsoleExporter(TracerProviderBuilder builder, Action<ConsoleExporterOptions> configure)",
        "ConsoleExporterHelperExtensions: TracerProviderBuilder AddConsoleExporter(TracerProviderBuilder builder, String name, Action<ConsoleExporterOptions> configure)",
        "ConsoleExporterOptions: ConsoleExporterOutputTargets get_Targets()",
        "ConsoleExporterOptions: Void set_Targets(ConsoleExporterOutputTargets value)",
        "ConsoleExporterOptions: new()",
        "ConsoleExporterOutputTargets: Console = 1",
        "ConsoleExporterOutputTargets: Debug = 2",
    ];

    [Fact]
    public void The_stand_in_has_what_the_package_has_and_nothing_else()
    {
        var assembly = typeof(ConsoleExporterOptions).Assembly;
        var members = assembly.GetExportedTypes().SelectMany(Describe).ToHashSet();

        Assert.Equal("OpenTelemetry.Exporter.Console", assembly.GetName().Name);
        Assert.Subset(members, InThePackage.ToHashSet());
        var isThePackage = assembly.GetName().GetPublicKeyToken() is { Length: > 0 };
        if (!isThePackage) Assert.Subset(InThePackage.ToHashSet(), members);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{type.Name}: {name} = {(int)Enum.Parse(type, name)}");
        var methods = type.GetMethods(Own).Where(IsVisible).Select(method => $"{type.Name}: {method.ReturnType.Name} {method.Name}({Parameters(method)})");
        var constructors = type.GetConstructors(Own).Where(IsVisible).Select(constructor => $"{type.Name}: new({Parameters(constructor)})");
        var fields = type.GetFields(Own).Where(field => field.IsPublic || field.IsFamily).Select(field => $"{type.Name}: {field.Name}");
        return methods.Concat(constructors).Concat(fields);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsIn ? "in " : "")}{Name(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType)} {parameter.Name}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
