namespace PipelineSdk.OpenTelemetry;

/// <summary>The style sheet of the pictures, for light and dark. Plain rules: not every viewer of SVG knows variables.</summary>
internal static class GanttStyle
{
    public const string Css =
        """

        text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: #1b1f27; }
        .paper { fill: #ffffff; }
        .idle { fill: #eef0f3; }
        .grid { stroke: #d3d8df; stroke-width: 1; }
        .wait { stroke: #8a93a1; stroke-width: 1.5; stroke-dasharray: 1.5 3; }
        .title { font-size: 18px; font-weight: 600; }
        .worker { font-size: 13px; font-weight: 600; }
        .figures { font-size: 13px; }
        .stages, .tick, .key { font-size: 11px; }
        .figures, .stages, .tick, .key { fill: #5b6472; }
        .label { font-size: 11px; font-weight: 600; pointer-events: none; }
        .on-pale { fill: #16181d; }
        .on-dark { fill: #ffffff; }
        .action:hover .bar { stroke: #16181d; stroke-width: 2; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e7eaef; }
          .paper { fill: #14171c; }
          .idle { fill: #20252d; }
          .grid { stroke: #39414d; }
          .wait { stroke: #77818f; }
          .figures, .stages, .tick, .key { fill: #9aa4b2; }
          .on-pale { fill: #16181d; }
          .on-dark { fill: #ffffff; }
          .action:hover .bar { stroke: #ffffff; }
        }

        """;
}
