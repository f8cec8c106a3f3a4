using System.Text;
using Google.FlatBuffers;
using Quantize.Converter.Emission;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Tests.Models;

/// <summary>Writes subgraphs as a .tflite file.</summary>
internal sealed class ModelWriter
{
    private readonly FlatBufferBuilder _builder = new(1024);
    private readonly List<int> _buffers = [];
    private readonly (BuiltinOperator Code, string Custom)[] _codes;

    private ModelWriter(SubgraphBuilder[] subgraphs) =>
        _codes = [.. subgraphs.SelectMany(subgraph => subgraph.Operators).Select(op => (op.Code, op.CustomCode)).Distinct()];

    /// <summary>A file without signatures: the first subgraph is the one that runs.</summary>
    public static byte[] Write(params SubgraphBuilder[] subgraphs) => new ModelWriter(subgraphs).Write(subgraphs, []);

    /// <summary>The same with the entry by which the runtime knows a file of our converter.</summary>
    public static byte[] WriteConverted(params SubgraphBuilder[] subgraphs) => new ModelWriter(subgraphs).Write(subgraphs, [], (CompiledModel.ArithmeticMetadata, nameof(Arithmetic.Precise)));

    /// <summary>The first subgraphs are signatures of those keys.</summary>
    public static byte[] WriteWithSignatures(string[] keys, params SubgraphBuilder[] subgraphs) => new ModelWriter(subgraphs).Write(subgraphs, keys);

    public static CompiledModel Load(params SubgraphBuilder[] subgraphs) => CompiledModel.Load(Write(subgraphs));

    private byte[] Write(SubgraphBuilder[] subgraphs, string[] keys, params (string Name, string Text)[] entries)
    {
        _buffers.Add(Buffer([]));
        int tables = _builder.OffsetVector([.. subgraphs.Select(Subgraph)]);
        int codes = _builder.OffsetVector([.. _codes.Select(Code)]);
        int signatures = _builder.OffsetVector([.. keys.Select((key, i) => Signature(key, i, subgraphs[i]))]);
        int metadata = _builder.OffsetVector([.. entries.Select(Entry)]);
        int buffers = _builder.OffsetVector([.. _buffers]);
        _builder.StartTable(8);
        _builder.AddInt(0, 3, 0);
        _builder.AddOffset(1, codes, 0);
        _builder.AddOffset(2, tables, 0);
        _builder.AddOffset(4, buffers, 0);
        _builder.AddOffset(6, metadata, 0);
        _builder.AddOffset(7, signatures, 0);
        _builder.Finish(_builder.EndTable(), "TFL3");
        return _builder.SizedByteArray();
    }

    private int Entry((string Name, string Text) entry)
    {
        _buffers.Add(Buffer(Encoding.UTF8.GetBytes(entry.Text)));
        int name = _builder.CreateString(entry.Name).Value;
        _builder.StartTable(2);
        _builder.AddOffset(0, name, 0);
        _builder.AddInt(1, _buffers.Count - 1, 0);
        return _builder.EndTable();
    }

    private int Buffer(byte[] data)
    {
        int vector = _builder.DataVector(data);
        _builder.StartTable(1);
        _builder.AddOffset(0, vector, 0);
        return _builder.EndTable();
    }

    private int Code((BuiltinOperator Code, string Custom) code)
    {
        int custom = code.Custom.Length > 0 ? _builder.CreateString(code.Custom).Value : 0;
        _builder.StartTable(4);
        _builder.AddSbyte(0, (sbyte)Math.Min((int)code.Code, 127), 0);
        _builder.AddOffset(1, custom, 0);
        _builder.AddInt(2, 1, 1);
        _builder.AddInt(3, (int)code.Code, 0);
        return _builder.EndTable();
    }

    private int Subgraph(SubgraphBuilder subgraph)
    {
        int tensors = _builder.OffsetVector([.. subgraph.Tensors.Select(Tensor)]);
        int operators = _builder.OffsetVector([.. subgraph.Operators.Select(Operator)]);
        int inputs = _builder.Vector([.. subgraph.Inputs]), outputs = _builder.Vector([.. subgraph.Outputs]);
        int name = _builder.CreateString(subgraph.Name).Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, tensors, 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddOffset(3, operators, 0);
        _builder.AddOffset(4, name, 0);
        return _builder.EndTable();
    }

    private int Tensor(SubgraphBuilder.WrittenTensor tensor)
    {
        int buffer = 0;
        if (tensor.Data is { } data)
        {
            _buffers.Add(Buffer(data));
            buffer = _buffers.Count - 1;
        }

        int shape = _builder.Vector([.. tensor.Shape.Select(Math.Abs)]), signature = _builder.Vector(tensor.Shape);
        int name = _builder.CreateString(tensor.Name).Value, quantization = tensor.Scales.Length > 0 ? Quantization(tensor) : 0;
        _builder.StartTable(8);
        _builder.AddOffset(0, shape, 0);
        _builder.AddSbyte(1, (sbyte)tensor.Type, 0);
        _builder.AddInt(2, buffer, 0);
        _builder.AddOffset(3, name, 0);
        _builder.AddOffset(4, quantization, 0);
        _builder.AddBool(5, tensor.IsVariable, false);
        _builder.AddOffset(7, signature, 0);
        return _builder.EndTable();
    }

    private int Quantization(SubgraphBuilder.WrittenTensor tensor)
    {
        long[] zeroPoint = new long[tensor.Scales.Length];
        Array.Fill(zeroPoint, tensor.ZeroPoint);
        int scales = _builder.Vector(tensor.Scales), zeroPoints = _builder.Vector(zeroPoint);
        _builder.StartTable(7);
        _builder.AddOffset(2, scales, 0);
        _builder.AddOffset(3, zeroPoints, 0);
        _builder.AddInt(6, tensor.Axis, 0);
        return _builder.EndTable();
    }

    private int Operator(SubgraphBuilder.WrittenOperator op)
    {
        int options = OptionWriter.Write(_builder, op.Options), custom = _builder.DataVector(op.CustomOptions);
        int inputs = _builder.Vector(op.Inputs), outputs = _builder.Vector(op.Outputs);
        bool isSecond = op.Options.Type2 != OptionsType2.None; // the schema has two unions of option tables
        _builder.StartTable(13);
        _builder.AddInt(0, Array.IndexOf(_codes, (op.Code, op.CustomCode)), 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddByte(isSecond ? 11 : 3, isSecond ? (byte)op.Options.Type2 : (byte)op.Options.Type, 0);
        _builder.AddOffset(isSecond ? 12 : 4, options, 0);
        _builder.AddOffset(5, custom, 0);
        return _builder.EndTable();
    }

    private int Signature(string key, int index, SubgraphBuilder subgraph)
    {
        int inputs = Entries(subgraph, subgraph.Inputs), outputs = Entries(subgraph, subgraph.Outputs);
        int name = _builder.CreateString(key).Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, inputs, 0);
        _builder.AddOffset(1, outputs, 0);
        _builder.AddOffset(2, name, 0);
        _builder.AddInt(4, index, 0);
        return _builder.EndTable();
    }

    private int Entries(SubgraphBuilder subgraph, List<int> tensors) => _builder.OffsetVector([.. tensors.Select(tensor =>
    {
        int name = _builder.CreateString(subgraph.Tensors[tensor].Name).Value;
        _builder.StartTable(2);
        _builder.AddOffset(0, name, 0);
        _builder.AddInt(1, tensor, 0);
        return _builder.EndTable();
    })]);
}
