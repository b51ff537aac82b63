namespace PipelineSdk.Package.Tests.Harness;

/// <summary>A promise of what is published, which is a release build; left out in others.</summary>
internal sealed class ReleaseFactAttribute : FactAttribute
{
    public ReleaseFactAttribute()
    {
        if (BuildSettings.Configuration != "Release") Skip = "holds for a release build: dotnet test -c Release";
    }
}
