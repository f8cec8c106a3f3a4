using System.Globalization;
using System.Runtime.InteropServices;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>Operators of a speech network with 16-bit activations, one a file, and the codes that reference kernels gave: every value equal.</summary>
public sealed class SingleOperatorTests
{
    public static TheoryData<string> Models =>
        Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.tflite", SearchOption.AllDirectories).Where(file => File.Exists(Beside(file, "golden"))).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)] : [];

    private static string Folder => Path.Combine(Repository.Root, "..", "shared", "data", "models", "tflite", "seanet");

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Models))]
    public void Every_value_is_equal(string model)
    {
        string file = Path.Combine(Folder, model);
        using CompiledModel compiled = CompiledModel.Load(file);
        using Session session = compiled.CreateSession();
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
            MemoryMarshal.AsBytes<short>(Numbers(Beside(file, $"input{i}"))).CopyTo(session.InputBytes(i));
        session.Run();
        Assert.Equal(Numbers(Beside(file, "golden")), MemoryMarshal.Cast<byte, short>(session.OutputBytes(0)).ToArray());
    }

    private static string Beside(string file, string what) => Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}_{what}_int16.csv");

    private static short[] Numbers(string file) =>
        [.. File.ReadAllText(file).Split([',', '\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries).Select(text => short.Parse(text, CultureInfo.InvariantCulture))];
}
