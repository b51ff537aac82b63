namespace PipelineSdk.OpenTelemetry;

/// <summary>How a Gantt picture looks.</summary>
public sealed class GanttOptions
{
    private int width = 1200;

    /// <summary>The first line; by default the pipeline's name and the step.</summary>
    public string? Title { get; set; }

    /// <summary>
    /// The picture's own width, in pixels: what labels are laid out for. It scales to any size. At least 480; 1200 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 480.</exception>
    public int Width
    {
        get => width;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 480);
            width = value;
        }
    }
}
