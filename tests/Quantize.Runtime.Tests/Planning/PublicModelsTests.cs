using Quantize.Runtime.Tests.Kernels;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Planning;

/// <summary>Plans of the public models beside what they could be, and beside the same models with a step for each operator and memory for each tensor.</summary>
public sealed class PublicModelsTests
{
    private const double MostOverLowerBound = 1.1;

    [Fact]
    public void The_arena_is_hardly_larger_than_the_fullest_step()
    {
        int plans = 0;
        foreach (string path in Models())
        {
            using CompiledModel? model = TryLoad(path, new CompileOptions());
            foreach (SignatureInfo signature in model?.Signatures ?? [])
            {
                using Session session = model!.CreateSession(signature.Key);
                Assert.True(session.ArenaBytes <= session.LeastArenaBytes * MostOverLowerBound, $"{path} '{signature.Key}': {session.ArenaBytes} bytes, {session.LeastArenaBytes} are alive at the fullest step");
                plans++;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{plans} plans");
        Assert.NotEqual(0, plans);
    }

    [Theory]
    [InlineData(Arithmetic.Precise)]
    [InlineData(Arithmetic.Fast)]
    public void Fused_steps_and_shared_memory_change_no_bit(Arithmetic arithmetic)
    {
        int compared = 0;
        foreach (string path in Models())
        {
            using CompiledModel? model = TryLoad(path, new CompileOptions { Arithmetic = arithmetic }), plain = TryLoad(path, new CompileOptions { Arithmetic = arithmetic, KeepAllTensors = true });
            foreach (SignatureInfo signature in model?.Signatures ?? [])
            {
                using Session session = model!.CreateSession(signature.Key), reference = plain!.CreateSession(signature.Key);
                Run(session);
                Run(reference);
                for (int i = 0; i < signature.Outputs.Count; i++)
                    Assert.True(reference.OutputBytes(i).SequenceEqual(session.OutputBytes(i)), $"{path} '{signature.Key}': the output '{signature.Outputs[i].Key}' differs");
                compared++;
            }
        }

        Assert.NotEqual(0, compared);
    }

    private static string[] Models() =>
    [
        .. new[] { Repository.Shared("data", "models"), Repository.Shared("data", "mnist_model") }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.tflite", SearchOption.AllDirectories)).Order(StringComparer.Ordinal),
    ];

    private static void Run(Session session)
    {
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
        {
            if (session.Signature.Inputs[i].Type == TensorType.Float32)
                Numbers.Floats(new Random(i), session.Input<float>(i).Length).CopyTo(session.Input<float>(i));
            else
                session.InputBytes(i).Clear();
        }

        session.Run();
    }

    /// <summary>Null for a model of operators that the runtime does not have.</summary>
    private static CompiledModel? TryLoad(string path, CompileOptions options)
    {
        try
        {
            CompiledModel model = CompiledModel.Load(path, options);
            foreach (SignatureInfo signature in model.Signatures)
            {
                using Session session = model.CreateSession(signature.Key);
                _ = session.Plan;
            }

            return model;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }
}
