using CliWrap;

namespace Quantize.Platform.Tests;

/// <summary>In a browser, without any workload: the interpreter has 128-bit vectors and no threads.</summary>
public sealed class WebAssemblyTests
{
    [Fact]
    public async Task In_a_browser_it_has_128_bits_and_gives_the_same_results()
    {
        string browser = Tool.Require("chromium", "chromium-browser", "google-chrome");
        using Publication probe = await Publication.OfBrowserProbe("-p:CompressionEnabled=false");
        using var page = new PageServer(Path.Combine(probe.Folder, "wwwroot"));
        Report report = Report.Parse(await Open(browser, page));
        Assert.Contains("PackedSimd", report.Instructions);
        report.AssertEqualsReference("vector128", "scalar");
    }

    private static async Task<string> Open(string browser, PageServer page)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("quantize-browser-");
        using var end = new CancellationTokenSource();
        Task running = Cli.Wrap(browser)
            .WithArguments([
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={profile.FullName}", page.Address])
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(end.Token);
        try
        {
            return await page.Report.WaitAsync(TimeSpan.FromMinutes(2));
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAny(running);
            Delete(profile);
        }
    }

    /// <summary>The browser's last child processes may still write while the folder goes.</summary>
    private static void Delete(DirectoryInfo profile)
    {
        for (int attempt = 0; profile.Exists && attempt < 20; attempt++)
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }

            profile.Refresh();
        }
    }
}
