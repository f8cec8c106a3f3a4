using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Tool.Tests;

/// <summary>Predictions of each form of the sample's network, made once.</summary>
public sealed class SourceForms : IDisposable
{
    private const int Batch = 250;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(string Form, string Scheme), byte[]> _predictions = [];
    private readonly float[] _images = MnistImages.Test();
    private readonly List<JoinedSavedModel> _joined = [];

    /// <summary>The class of each of the first <see cref="MnistImages.Evaluated"/> test pictures, by the last output: the probabilities.</summary>
    internal byte[] Predict(string form, string scheme)
    {
        if (!_predictions.TryGetValue((form, scheme), out byte[]? classes))
            _predictions[(form, scheme)] = classes = Predict(Convert(form, scheme));
        return classes;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _joined.ForEach(model => model.Dispose());
    }

    private string Convert(string form, string scheme)
    {
        string output = _folder.PathOf($"{form}.{scheme}.tflite");
        string[] arguments = form switch
        {
            "tf1" => [MnistFiles.SavedModel],
            "frozen" => [Repository.Shared("data", "mnist_model", "frozen.pb"), "--inputs", "image", "--outputs", "classes,probabilities"],
            _ => [Joined($"saved_model_{form}")],
        };
        ToolRun.Of(["convert", .. arguments, "-o", output, "--quantization", scheme]).Succeeded();
        return output;
    }

    private string Joined(string name)
    {
        var model = new JoinedSavedModel(Repository.Shared("data", "mnist_model", name));
        _joined.Add(model);
        return model.Folder;
    }

    private byte[] Predict(string path)
    {
        using CompiledModel model = CompiledModel.Load(path);
        using Session session = model.CreateSession();
        session.Resize(0, Batch, 28, 28);
        var classes = new byte[MnistImages.Evaluated];
        for (int first = 0; first < classes.Length; first += Batch)
        {
            _images.AsSpan(first * MnistImages.Size, Batch * MnistImages.Size).CopyTo(session.Input<float>(0));
            session.Run();
            Rank(session.Output<float>(session.Signature.Outputs.Count - 1), classes.AsSpan(first, Batch));
        }

        return classes;
    }

    private static void Rank(ReadOnlySpan<float> probabilities, Span<byte> classes)
    {
        int width = probabilities.Length / classes.Length;
        for (int i = 0; i < classes.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.Slice(i * width, width);
            for (int k = 1; k < width; k++)
                classes[i] = row[k] > row[classes[i]] ? (byte)k : classes[i];
        }
    }
}
