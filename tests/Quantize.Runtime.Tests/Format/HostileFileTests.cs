using Quantize.Tests;

namespace Quantize.Runtime.Tests.Format;

/// <summary>Damaged files are refused as such, or run: nothing else may come out of them.</summary>
public sealed class HostileFileTests
{
    private static readonly byte[] Model = File.ReadAllBytes(TestModels.LeNetDynamic);

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Model.Length; length += length < 300 ? 1 : 13)
            Assert.Throws<ModelFormatException>(() => Run(Model[..length]));
    }

    [Fact]
    public void A_file_with_a_flipped_bit_is_refused_or_runs()
    {
        var random = new Random(1);
        int ran = 0;
        for (int round = 0; round < 4000; round++)
        {
            byte[] file = [.. Model];
            int at = random.Next(file.Length), bit = random.Next(8);
            file[at] ^= (byte)(1 << bit);
            ran += Survives(file, $"bit {bit} of byte {at}") ? 1 : 0;
        }

        Assert.InRange(ran, 1, 3999); // most bytes are weights; some are structure
    }

    [Fact]
    public void A_file_with_many_random_bytes_is_refused_or_runs()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. Model];
            for (int i = 0; i < 20; i++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            Survives(file, $"seed {seed}");
        }
    }

    private static bool Survives(byte[] file, string what)
    {
        try
        {
            Run(file);
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
            return false;
        }
    }

    private static void Run(byte[] file)
    {
        using CompiledModel model = CompiledModel.Load(file);
        using Session session = model.CreateSession();
        session.Warmup();
    }
}
