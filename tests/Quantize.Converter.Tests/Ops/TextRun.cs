using System.Runtime.InteropServices;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.Passes;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.Tests.Corpus;
using Quantize.Converter.Tests.TensorFlow;
using Quantize.Runtime;

namespace Quantize.Converter.Tests.Ops;

/// <summary>A graph written as text (<see cref="GraphText"/>), read, converted and run.</summary>
internal sealed class TextRun : IDisposable
{
    private readonly CompiledModel _model;
    private readonly Session _session;

    public TextRun(string text, params string[] outputs)
    {
        Module = Convert(text, outputs);
        _model = CompiledModel.Load(TfLiteEmitter.Emit(Module));
        _session = _model.CreateSession();
    }

    public Module Module { get; }

    /// <summary>The operators of all graphs, the callers before what they run.</summary>
    public string Operators => string.Join(" | ", Module.Graphs.Select(graph => string.Join(' ', graph.Nodes.Select(node => node.Code))));

    public static Module Convert(string text, params string[] outputs)
    {
        using var model = new TemporaryModel();
        Module module = ModuleImporter.Import(model.Read(GraphText.Parse(text), outputs), "file", [], null, signatureOnly: false);
        PassPipeline.Run(module, "file");
        RuntimeSupport.Check(module, "file");
        return module;
    }

    /// <summary>The outputs as text, for inputs in ordinal order of their names; vectors and scalars.</summary>
    public string Run(params Array[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            int rank = _session.Signature.Inputs[i].Shape.Count;
            if (rank > 0)
                _session.Resize(i, [.. Enumerable.Range(0, rank).Select(inputs[i].GetLength)]);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            var bytes = new byte[Buffer.ByteLength(inputs[i])];
            Buffer.BlockCopy(inputs[i], 0, bytes, 0, bytes.Length);
            bytes.CopyTo(TensorBytes.Input(_session, i));
        }

        _session.Run();
        return string.Join("; ", Enumerable.Range(0, _session.Signature.Outputs.Count).Select(Output));
    }

    public void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    private string Output(int index)
    {
        ReadOnlySpan<byte> bytes = TensorBytes.Output(_session, index);
        return _session.Signature.Outputs[index].Type switch
        {
            TensorType.Float32 => string.Join(' ', MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(number => FormattableString.Invariant($"{number}"))),
            TensorType.Int32 => string.Join(' ', MemoryMarshal.Cast<byte, int>(bytes).ToArray()),
            TensorType.Int64 => string.Join(' ', MemoryMarshal.Cast<byte, long>(bytes).ToArray()),
            _ => string.Join(' ', bytes.ToArray()),
        };
    }
}
