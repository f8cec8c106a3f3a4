using Microsoft.ML.OnnxRuntime;

namespace Quantize.Benchmarks.Peers;

/// <summary>The same network in ONNX Runtime, on the calling thread alone, with inputs and outputs bound once.</summary>
internal sealed class OnnxContender : Contender
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input;
    private readonly OrtValue[] _outputs;

    public OnnxContender(string name, ReadOnlyMemory<byte> model, int batch, Func<int, float> input)
        : base(name, model.Length)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model.ToArray(), options);
        long[] shape = Shape(_session.InputMetadata[_session.InputNames[0]], batch);
        float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(input)];
        _input = OrtValue.CreateTensorValueFromMemory(values, shape);
        _outputs = [.. _session.OutputNames.Select(output => _session.OutputMetadata[output])
            .Select(metadata => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, metadata.ElementDataType, Shape(metadata, batch)))];
    }

    public override void Run() => _session.Run(_options, _session.InputNames, [_input], _session.OutputNames, _outputs);

    public override float[] Output()
    {
        int output = _session.OutputNames.Select((name, i) => (name, i)).Last(output => _session.OutputMetadata[output.name].ElementType == typeof(float)).i;
        return _outputs[output].GetTensorDataAsSpan<float>().ToArray();
    }

    public override void Dispose()
    {
        _input.Dispose();
        foreach (OrtValue output in _outputs)
            output.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    /// <summary>Open dimensions come first, and are the batch.</summary>
    private static long[] Shape(NodeMetadata metadata, int batch) => [.. metadata.Dimensions.Select((dimension, i) => dimension < 0 || i == 0 ? batch : (long)dimension)];
}
