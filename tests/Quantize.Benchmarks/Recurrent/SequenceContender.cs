using Quantize.Benchmarks.Peers;
using Quantize.Runtime;

namespace Quantize.Benchmarks.Recurrent;

/// <summary>A network over one sequence of fixed length.</summary>
internal sealed class SequenceContender : Contender
{
    private readonly CompiledModel _model;
    private readonly Session _session;
    private readonly float[] _input;

    public SequenceContender(string name, byte[] model, Arithmetic arithmetic)
        : base(name, model.Length)
    {
        _model = CompiledModel.Load(model, new CompileOptions { Arithmetic = arithmetic });
        _session = _model.CreateSession();
        var random = new Random(2);
        _input = [.. Enumerable.Range(0, _session.Input<float>(0).Length).Select(_ => random.NextSingle() * 2 - 1)];
        MultiplyAdds = _session.Plan.Sum(step => step.MultiplyAdds);
    }

    /// <summary>Products of one run; of a loop, those of one iteration.</summary>
    public long MultiplyAdds { get; }

    public override void Run()
    {
        _session.Reset();
        _input.CopyTo(_session.Input<float>(0));
        _session.Run();
    }

    public override float[] Output() => _session.Output<float>(0).ToArray();

    public override void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }
}
