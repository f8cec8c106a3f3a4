using Quantize.Runtime;

namespace Quantize.Probe;

/// <summary>The embedded models, through the public interface, on a deterministic picture.</summary>
internal static class Models
{
    public static IReadOnlyList<string> Names { get; } = ["lenet_float.tflite", "lenet_dynamic.tflite"];

    public static float[] Outputs(string name, string isa)
    {
        using CompiledModel model = Load(name, isa);
        using Session session = model.CreateSession();
        Picture(session.Input<float>(0));
        session.Run();
        List<float> values = [];
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
            values.AddRange(session.Signature.Outputs[i].Type == TensorType.Float32 ? session.Output<float>(i).ToArray() : [session.Output<long>(i)[0]]);
        return [.. values];
    }

    public static double Milliseconds(string name, string isa)
    {
        using CompiledModel model = Load(name, isa);
        using Session session = model.CreateSession();
        Picture(session.Input<float>(0));
        return BestTime.Milliseconds(session.Run);
    }

    private static CompiledModel Load(string name, string isa)
    {
        using Stream stream = typeof(Models).Assembly.GetManifestResourceStream(name)!;
        return CompiledModel.Load(stream, new CompileOptions { Isa = isa });
    }

    private static void Picture(Span<float> image)
    {
        for (int i = 0; i < image.Length; i++)
            image[i] = i * 29 % 64 / 64f;
    }
}
