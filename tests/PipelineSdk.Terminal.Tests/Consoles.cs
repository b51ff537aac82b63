using Spectre.Console;

namespace PipelineSdk.Terminal.Tests;

/// <summary>Consoles that write to a string.</summary>
internal static class Consoles
{
    public static IAnsiConsole To(TextWriter output, int width, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new Output(output, width, terminal),
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Profile.Capabilities.Unicode = terminal;
        return console;
    }

    private sealed class Output(TextWriter writer, int width, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
