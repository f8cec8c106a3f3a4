using CliWrap;
using CliWrap.Buffered;
using Quantize.Tests;

namespace Quantize.Peers.Tests;

/// <summary>Google's interpreter under node; its package is installed from <c>peers/package-lock.json</c> when it is missing.</summary>
public sealed class LiteRt
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Quantize.Peers.Tests", "peers");

    private readonly Lazy<Task<string?>> _obstacle = new(FindObstacle);

    /// <summary>Runs a model of one input on each of the items; gives all of each output, one item after another.</summary>
    internal async Task<IReadOnlyList<byte[]>> Run(string modelPath, ReadOnlyMemory<byte> items)
    {
        string? obstacle = await _obstacle.Value;
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
        string folder = Directory.CreateTempSubdirectory("quantize-peers-").FullName;
        try
        {
            string itemsPath = Path.Combine(folder, "items.bin"), prefix = Path.Combine(folder, "out");
            await File.WriteAllBytesAsync(itemsPath, items);
            await Cli.Wrap("node").WithArguments([Path.Combine(s_folder, "litert.mjs"), modelPath, itemsPath, prefix]).ExecuteBufferedAsync();
            return [.. Directory.EnumerateFiles(folder, "out*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string?> FindObstacle()
    {
        if (!await Succeeds("node", "--version"))
            return "node is not on this machine";
        bool installed = Directory.Exists(Path.Combine(s_folder, "node_modules", "@litertjs", "core"));
        return installed || await Succeeds("npm", "ci", "--no-audit", "--no-fund") ? null : "the package @litertjs/core cannot be installed on this machine";
    }

    private static async Task<bool> Succeeds(string program, params string[] arguments)
    {
        try
        {
            CommandResult result = await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(s_folder).WithValidation(CommandResultValidation.None).ExecuteAsync();
            return result.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
