using System.Runtime.InteropServices;
using Quantize.Converter;
using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Peers.Tests;

/// <summary>What we write runs in Google's own interpreter, and predicts there what it predicts here.</summary>
public sealed class LiteRtTests(LiteRt liteRt) : IClassFixture<LiteRt>
{
    /// <summary>Hybrid arithmetic is not one exact answer: 5 of 10,000 pictures may be seen differently.</summary>
    private const int LargestDifference = MnistImages.Evaluated / 2_000;

    [Theory]
    [InlineData(QuantizationScheme.None)]
    [InlineData(QuantizationScheme.DynamicRange)]
    [InlineData(QuantizationScheme.DynamicRangePerTensor)]
    public async Task Google_predicts_what_we_predict(QuantizationScheme scheme)
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, Convert(scheme));
            float[] images = MnistImages.Test()[..(MnistImages.Evaluated * MnistImages.Size)];
            IReadOnlyList<byte[]> outputs = await liteRt.Run(path, MemoryMarshal.AsBytes(images.AsSpan()).ToArray());
            long[] google = MemoryMarshal.Cast<byte, long>(outputs.Single(output => output.Length == sizeof(long) * MnistImages.Evaluated)).ToArray();
            int different = Predict(path, images).Zip(google).Count(pair => pair.First != pair.Second);
            TestContext.Current.TestOutputHelper!.WriteLine($"{scheme}: {different} of {google.Length} predictions differ");
            Assert.InRange(different, 0, LargestDifference);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>With a fixed batch: LiteRT under node refuses an open one.</summary>
    private static byte[] Convert(QuantizationScheme scheme)
    {
        string model = Path.Combine(Repository.Root, "samples", "Mnist", "models", "mnist");
        return ModelConverter.Convert(new ConversionRequest { ModelPath = model, Quantization = scheme, Batch = 1 }).Model.ToArray();
    }

    private static long[] Predict(string path, float[] images)
    {
        using CompiledModel model = CompiledModel.Load(path);
        using Session session = model.CreateSession();
        var classes = new long[images.Length / MnistImages.Size];
        for (int i = 0; i < classes.Length; i++)
        {
            images.AsSpan(i * MnistImages.Size, MnistImages.Size).CopyTo(session.Input<float>("image"));
            session.Run();
            classes[i] = session.Output<long>("classes")[0];
        }

        return classes;
    }
}
