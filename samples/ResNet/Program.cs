using System.CommandLine;
using PipelineSdk;
using ResNet;
using ResNet.CommandLine;
using Spectre.Console;

const int Failed = 1, WrongArguments = 2, Cancelled = 130;

var command = new SampleCommand(new Sample(AnsiConsole.Console).RunAsync);
var parsed = command.Root.Parse(args);
var errors = command.Errors(parsed).ToList();
foreach (var error in errors) await Console.Error.WriteLineAsync($"error: {error.ReplaceLineEndings(" ")}");
if (errors.Count > 0)
{
    await Console.Error.WriteLineAsync("--help lists the options.");
    return WrongArguments;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("cancelled");
    return Cancelled;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or PipelineException)
{
    await Console.Error.WriteLineAsync($"error: {error.Message}");
    return Failed;
}
