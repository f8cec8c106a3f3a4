using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>Every model of the corpus with random bits turned: it is refused in words, or runs.</summary>
public sealed class DamagedTypedFileTests
{
    private const int RoundsPerModel = 6;

    [Fact]
    public void A_model_with_turned_bits_is_refused_or_runs()
    {
        Repository.Shared("data", "tflite_typed");
        var random = new Random(7);
        int ran = 0, refused = 0;
        List<string> wrong = [];
        foreach (TypedCase test in TypedCase.All.Values)
        {
            byte[] model = File.ReadAllBytes(test.ModelPath);
            for (int round = 0; round < RoundsPerModel; round++)
            {
                byte[] file = [.. model];
                string where = "";
                for (int flip = 0; flip < 3; flip++)
                {
                    int at = random.Next(file.Length), bit = random.Next(8);
                    file[at] ^= (byte)(1 << bit);
                    where += $" {at}.{bit}";
                }

                if (Exception(file) is not { } exception)
                    ran++;
                else if (exception is ModelFormatException or InvalidOperationException or DivideByZeroException or ArgumentOutOfRangeException { ParamName: null })
                    refused++;
                else
                    wrong.Add($"{test.Path} with the bits{where}: {exception}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(ran > 0 && refused > 0, $"{ran} ran, {refused} were refused");
    }

    private static Exception? Exception(byte[] file)
    {
        try
        {
            using CompiledModel model = CompiledModel.Load(file);
            foreach (SignatureInfo signature in model.Signatures)
            {
                using Session session = model.CreateSession(signature.Key);
                session.Run();
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
