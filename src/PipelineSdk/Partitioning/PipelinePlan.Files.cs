using System.Text;
using PipelineSdk.IO;

namespace PipelineSdk.Partitioning;

/// <content>Plans in files.</content>
public sealed partial class PipelinePlan
{
    /// <summary>Reads a plan from a file, such as <c>resnet.pipeline.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PlanFormatException">The file holds no plan, or one of a newer version; the message names file, line and
    /// column.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static PipelinePlan Load(string path)
    {
        string text = File.ReadAllText(path);
        try
        {
            return PlanFile.Parse(text);
        }
        catch (PlanFormatException error)
        {
            throw new PlanFormatException(path, error);
        }
    }

    /// <summary>Writes the plan to a file: aside first, then in its place. A file that was there stays as it was if anything fails.</summary>
    /// <param name="path">The file; its folder is made if need be, and its name usually ends in <see cref="FileExtension"/>.</param>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(PlanFile.Format(this));
        DurableFile.Write(path, file => file.Write(bytes));
    }
}
