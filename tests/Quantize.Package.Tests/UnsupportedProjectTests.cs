namespace Quantize.Package.Tests;

public sealed class UnsupportedProjectTests(PackageFeed feed)
{
    [Fact]
    public void A_project_in_Visual_Basic_is_told()
    {
        var consumer = new Consumer(feed, "VisualBasic", extension: "vbproj");
        consumer.Write("Program.vb", "Module Program\n  Sub Main()\n  End Sub\nEnd Module\n");
        consumer.SetItems("models/tiny.pb");
        consumer.Restore();
        Assert.Contains("this is a project in VB", consumer.Build().Error("QNT4001"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_in_FSharp_is_told()
    {
        var consumer = new Consumer(feed, "FSharp", "<TargetFramework>net10.0</TargetFramework><DisableImplicitFSharpCoreReference>true</DisableImplicitFSharpCoreReference>", "fsproj");
        consumer.SetItems("<Compile Include=\"Program.fs\" />", "models/tiny.pb");
        consumer.Write("Program.fs", "module Program\n");
        consumer.Restore();
        Assert.Contains("this is a project in F#", consumer.Build().Error("QNT4001"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_target_framework_is_told()
    {
        // Without the reference assemblies of .NET 8, which the SDK would have to fetch: the build ends before it needs them.
        var consumer = new Consumer(feed, "OldTarget",
            "<TargetFramework>net8.0</TargetFramework><DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences><UseAppHost>false</UseAppHost>");
        consumer.SetItems("models/tiny.pb");
        consumer.Restore();
        Assert.Contains("this project targets net8.0", consumer.Build().Error("QNT4002"), StringComparison.Ordinal);
    }
}
