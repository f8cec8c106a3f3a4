using System.Runtime.InteropServices;
using Quantize.Runtime;

namespace Quantize.Benchmarks.Peers;

/// <summary>A .tflite in this project's runtime; the input is copied in anew for each run.</summary>
internal sealed class QuantizeContender : Contender
{
    private readonly CompiledModel _model;
    private readonly Session _session;
    private readonly byte[] _input;

    public QuantizeContender(string name, ReadOnlyMemory<byte> model, Arithmetic arithmetic, int batch, Func<int, float> input, int threads = 1)
        : base(name, model.Length)
    {
        _model = CompiledModel.Load(model, new CompileOptions { Arithmetic = arithmetic, Threads = threads });
        _session = _model.CreateSession();
        int[] shape = [.. _session.Signature.Inputs[0].Shape];
        shape[0] = batch;
        _session.Resize(0, shape);
        _input = Fill(_session, input);
        MultiplyAdds = _session.Plan.Sum(step => step.MultiplyAdds);
    }

    /// <summary>Products of one run.</summary>
    public long MultiplyAdds { get; }

    public override void Run()
    {
        _input.CopyTo(Raw(_session));
        _session.Run();
    }

    /// <summary>The steps of one run, and how long each took.</summary>
    public IReadOnlyList<OperatorProfile> Profile()
    {
        _input.CopyTo(Raw(_session));
        return _session.Profile();
    }

    public override float[] Output()
    {
        int output = _session.Signature.Outputs.Select((tensor, i) => (tensor.Type, i)).Last(tensor => tensor.Type == TensorType.Float32).i;
        return _session.Output<float>(output).ToArray();
    }

    public override void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    private static byte[] Fill(Session session, Func<int, float> input)
    {
        int size = Raw(session).Length;
        return session.Signature.Inputs[0].Type == TensorType.Float32
            ? MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, size / sizeof(float)).Select(input)]).ToArray()
            : [.. Enumerable.Range(0, size).Select(i => (byte)(input(i) * byte.MaxValue))];
    }

    private static Span<byte> Raw(Session session) => session.Signature.Inputs[0].Type switch
    {
        TensorType.UInt8 => session.Input<byte>(0),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Input<sbyte>(0)),
        _ => MemoryMarshal.AsBytes(session.Input<float>(0)),
    };
}
