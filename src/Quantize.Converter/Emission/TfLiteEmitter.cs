using System.Buffers.Binary;
using System.Text;
using Google.FlatBuffers;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Emission;

/// <summary>Writes a module as a .tflite file. The same module gives the same bytes; nothing of the machine or the day goes in.</summary>
internal sealed class TfLiteEmitter
{
    private const string Identifier = "TFL3";
    private const int SchemaVersion = 3;
    private const string Description = "Quantize.Build";
    private const int RuntimeVersionLength = 16;
    private const int StructureSize = 1 << 16;

    private readonly Module _module;
    private readonly IReadOnlyList<Graph> _graphs;
    private readonly OperatorCodes _codes;
    private readonly TensorList[] _tensors;
    private readonly BufferPool _buffers = new();
    private readonly Dictionary<Value, int> _bufferOf = [];
    private readonly List<(string Name, int Buffer)> _metadata = [];
    private FlatBufferBuilder _builder = new(1);

    private TfLiteEmitter(Module module, IEnumerable<(string Name, string Text)> metadata)
    {
        _module = module;
        _graphs = module.Graphs;
        _codes = new OperatorCodes(module);
        _tensors = [.. _graphs.Select(graph => new TensorList(graph))];
        foreach (Value constant in _graphs.SelectMany(graph => graph.Constants()))
            _bufferOf[constant] = _buffers.Add(constant.Data);
        string runtime = RuntimeVersions.Needed(_codes.Versions).ToString(3).PadRight(RuntimeVersionLength, '\0');
        foreach ((string name, string text) in metadata.Prepend(("min_runtime_version", runtime)))
            _metadata.Add((name, _buffers.Add(Encoding.UTF8.GetBytes(text))));
        foreach ((string name, ReadOnlyMemory<byte> bytes) in module.Kept.Named)
            _metadata.Add((name, _buffers.Add(bytes)));
    }

    /// <summary>The file; <paramref name="metadata"/> are texts that stand in it by name.</summary>
    public static ReadOnlyMemory<byte> Emit(Module module, params IEnumerable<(string Name, string Text)> metadata) =>
        WithArchive(new TfLiteEmitter(module, metadata).Emit(BufferPool.MostInlineBytes), module.Kept);

    /// <summary>How many bytes the file would have: perhaps more than can be written.</summary>
    public static long Measure(Module module, params IEnumerable<(string Name, string Text)> metadata) =>
        new TfLiteEmitter(module, metadata).Measure(BufferPool.MostInlineBytes) + module.Kept.Archive.Length;

    /// <summary>The same, with the data behind the flatbuffer where there is more of it than <paramref name="mostInlineBytes"/>.</summary>
    internal static ReadOnlyMemory<byte> Emit(Module module, long mostInlineBytes) => new TfLiteEmitter(module, []).Emit(mostInlineBytes);

    /// <summary>The archive behind the file, its places counted from the file's begin.</summary>
    private static ReadOnlyMemory<byte> WithArchive(ReadOnlyMemory<byte> model, KeptBytes kept)
    {
        if (kept.Archive.IsEmpty)
            return model;
        byte[] file = [.. model.Span, .. kept.Archive.Span];
        foreach (int offset in kept.ArchiveOffsets)
        {
            Span<byte> number = file.AsSpan(model.Length + offset, sizeof(uint));
            BinaryPrimitives.WriteUInt32LittleEndian(number, checked(BinaryPrimitives.ReadUInt32LittleEndian(number) + (uint)model.Length));
        }

        return file;
    }

    /// <summary>Nothing but the buffers' own bytes depends on how long they are, so short ones tell.</summary>
    private long Measure(long mostInlineBytes)
    {
        if (_buffers.ByteCount > mostInlineBytes)
            return OutsideStart() + _buffers.ByteCount;
        (BufferPool shortened, long cutBytes) = _buffers.Shortened();
        return Structure(shortened, null).Length + cutBytes;
    }

    private ReadOnlyMemory<byte> Emit(long mostInlineBytes)
    {
        if (_buffers.ByteCount <= mostInlineBytes)
            return Structure(_buffers, null, (int)Measure(mostInlineBytes));

        long start = OutsideStart();
        var file = new byte[checked(start + _buffers.ByteCount)];
        Structure(_buffers, start).CopyTo(file);
        _buffers.CopyTo(file.AsSpan((int)start));
        return file;
    }

    /// <summary>Where data outside begins. The positions' values do not change the structure's length, so a first writing tells.</summary>
    private long OutsideStart() => BufferPool.Aligned(Structure(_buffers, FlatBufferTables.DataAlignment).Length);

    /// <summary>The flatbuffer. A builder that has room for <paramref name="size"/> bytes, and for the padding it reckons with, does not copy what it has.</summary>
    private ReadOnlyMemory<byte> Structure(BufferPool pool, long? dataStart, int size = StructureSize)
    {
        _builder = new FlatBufferBuilder(size + FlatBufferTables.DataAlignment);
        int buffers = pool.Write(_builder, dataStart);
        int metadata = _builder.OffsetVector([.. _metadata.Select(WriteMetadata)]);
        int signatures = _builder.OffsetVector([.. _module.EntryPoints.Select(WriteSignature)]);
        int subgraphs = _builder.OffsetVector([.. _graphs.Select(WriteSubgraph)]);
        int codes = _codes.Write(_builder);
        int description = _builder.CreateString(Description).Value;
        _builder.StartTable(8);
        _builder.AddUint(0, SchemaVersion, 0);
        _builder.AddOffset(1, codes, 0);
        _builder.AddOffset(2, subgraphs, 0);
        _builder.AddOffset(3, description, 0);
        _builder.AddOffset(4, buffers, 0);
        _builder.AddOffset(6, metadata, 0);
        _builder.AddOffset(7, signatures, 0);
        _builder.Finish(_builder.EndTable(), Identifier);
        return _builder.DataBuffer.ToArraySegment(_builder.DataBuffer.Position, _builder.Offset);
    }

    private int WriteMetadata((string Name, int Buffer) entry)
    {
        int name = _builder.CreateString(entry.Name).Value;
        _builder.StartTable(2);
        _builder.AddOffset(0, name, 0);
        _builder.AddUint(1, (uint)entry.Buffer, 0);
        return _builder.EndTable();
    }

    private int WriteSignature(EntryPoint entryPoint)
    {
        int graph = IndexOf(entryPoint.Graph);
        int inputs = WriteTensorMap(entryPoint.Inputs, _tensors[graph]);
        int outputs = WriteTensorMap(entryPoint.Outputs, _tensors[graph]);
        int key = _builder.CreateString(entryPoint.Key).Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, inputs, 0);
        _builder.AddOffset(1, outputs, 0);
        _builder.AddOffset(2, key, 0);
        _builder.AddUint(4, (uint)graph, 0);
        return _builder.EndTable();
    }

    private int WriteTensorMap(IReadOnlyList<(string Key, Value Value)> map, TensorList tensors)
    {
        var entries = new int[map.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            int key = _builder.CreateString(map[i].Key).Value;
            _builder.StartTable(2);
            _builder.AddOffset(0, key, 0);
            _builder.AddUint(1, (uint)tensors.IndexOf(map[i].Value), 0);
            entries[i] = _builder.EndTable();
        }

        return _builder.OffsetVector(entries);
    }

    private int WriteSubgraph(Graph graph, int index)
    {
        TensorList tensors = _tensors[index];
        int operators = _builder.OffsetVector([.. graph.Nodes.Select(node => WriteOperator(node, tensors))]);
        bool isEntryPoint = _module.EntryPoints.Any(entryPoint => entryPoint.Graph == graph);
        int outputs = _builder.Vector([.. (isEntryPoint ? graph.Outputs.Distinct() : graph.Outputs).Select(tensors.IndexOf)]);
        int inputs = _builder.Vector([.. graph.Inputs.Select(tensors.IndexOf)]);
        int list = _builder.OffsetVector([.. tensors.Tensors.Select(WriteTensor)]);
        int name = _builder.CreateString(index == 0 ? "main" : graph.Name).Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, list, 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddOffset(3, operators, 0);
        _builder.AddOffset(4, name, 0);
        return _builder.EndTable();
    }

    private int IndexOf(Graph graph) => Enumerable.Range(0, _graphs.Count).First(index => _graphs[index] == graph);

    private int WriteOperator(Node node, TensorList tensors)
    {
        bool hasOptions = node.Options.Type != OptionsType.None;
        bool hasOptions2 = node.Options.Type2 != OptionsType2.None;
        int options = hasOptions || hasOptions2 ? OptionWriter.Write(_builder, CalleeIndices.InFile(node, IndexOf)) : 0;
        int inputs = _builder.Vector([.. node.Inputs.Select(tensors.IndexOf)]);
        int outputs = _builder.Vector([.. node.Outputs.Select(tensors.IndexOf)]);
        int intermediates = node.Intermediates.Count > 0 ? _builder.Vector([.. node.Intermediates.Select(tensors.IndexOf)]) : 0;
        int customOptions = node.Options is CustomOptions custom ? _builder.DataVector(custom.Bytes) : 0;
        _builder.StartTable(13);
        _builder.AddUint(0, (uint)_codes.IndexOf(node), 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddOffset(5, customOptions, 0);
        _builder.AddOffset(8, intermediates, 0);
        if (hasOptions)
        {
            _builder.AddByte(3, (byte)node.Options.Type, 0);
            _builder.AddOffset(4, options, 0);
        }
        else if (hasOptions2)
        {
            _builder.AddByte(11, (byte)node.Options.Type2, 0);
            _builder.AddOffset(12, options, 0);
        }

        return _builder.EndTable();
    }

    private int WriteTensor((Value Value, string Name) tensor)
    {
        Value value = tensor.Value;
        Dimension[] dimensions = value.Shape.HasRank ? [.. value.Shape.Dimensions] : [];
        int quantization = value.Quantization is { } parameters ? WriteQuantization(parameters) : 0;
        int signature = Array.TrueForAll(dimensions, dimension => dimension.IsKnown)
            ? 0
            : _builder.Vector([.. dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : -1)]);
        int name = _builder.CreateString(tensor.Name).Value;
        int shape = _builder.Vector([.. dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : 1)]);
        _builder.StartTable(9);
        _builder.AddOffset(0, shape, 0);
        _builder.AddUint(2, (uint)_bufferOf.GetValueOrDefault(value), 0);
        _builder.AddOffset(3, name, 0);
        _builder.AddOffset(4, quantization, 0);
        _builder.AddOffset(7, signature, 0);
        _builder.AddSbyte(1, (sbyte)value.Type, 0);
        _builder.AddBool(5, value.IsVariable, false);
        _builder.AddBool(8, value.Shape.HasRank, false);
        return _builder.EndTable();
    }

    private int WriteQuantization(QuantizationParameters parameters)
    {
        int scales = _builder.Vector(parameters.Scales);
        int zeroPoints = _builder.Vector(parameters.ZeroPoints);
        _builder.StartTable(7);
        _builder.AddOffset(2, scales, 0);
        _builder.AddOffset(3, zeroPoints, 0);
        _builder.AddInt(6, parameters.Axis, 0);
        return _builder.EndTable();
    }
}
