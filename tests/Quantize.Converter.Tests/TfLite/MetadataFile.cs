using System.IO.Compression;
using System.Text;
using Google.FlatBuffers;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.TfLite;

/// <summary>One associated file as the metadata names it.</summary>
internal sealed record NamedFile(string Name, byte Type, string Locale = "");

/// <summary>Writes a .tflite file of one operator over [1, 3] floats, with TFLite Metadata and the archive behind it.</summary>
internal sealed record MetadataFile
{
    public const byte Axis = 2, Values = 3;

    public float[] Mean { get; init; } = [];

    public float[] Deviation { get; init; } = [];

    public NamedFile[] Named { get; init; } = [];

    /// <summary>What is in the archive; no archive where there is nothing.</summary>
    public (string Name, string Text)[] Archive { get; init; } = [];

    /// <summary>Bytes of nothing between the model and the archive.</summary>
    public int Gap { get; init; }

    public byte[] Write()
    {
        byte[] metadata = Metadata();
        string placeholder = new('~', metadata.Length);
        var graph = new GraphBuilder();
        Module module = GraphBuilder.Module(graph.Build(graph.Node("y", BuiltinOperator.Relu, graph.Input("x", 1, 3))));
        byte[] model = TfLiteEmitter.Emit(module, ("TFLITE_METADATA", placeholder)).ToArray();
        metadata.CopyTo(model, model.AsSpan().IndexOf(Encoding.ASCII.GetBytes(placeholder)));
        return WithArchive(model);
    }

    public string WriteFile()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "animals.tflite");
        File.WriteAllBytes(path, Write());
        return path;
    }

    private byte[] WithArchive(byte[] model)
    {
        using var stream = new MemoryStream();
        stream.Write(model);
        stream.Write(new byte[Gap]);
        if (Archive.Length == 0)
            return model;
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in Archive)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }

    private byte[] Metadata()
    {
        var builder = new FlatBufferBuilder(256);
        int input = Table(builder, 7, (4, Vector(builder, [Unit(builder)])));
        int output = Table(builder, 7, (6, Vector(builder, [.. Named.Select(file => Associated(builder, file))])));
        int subgraph = Table(builder, 10, (2, Vector(builder, [input])), (3, Vector(builder, [output])));
        builder.Finish(Table(builder, 8, (3, Vector(builder, [subgraph]))), "M001");
        return builder.SizedByteArray();
    }

    private int Unit(FlatBufferBuilder builder)
    {
        int options = Table(builder, 2, (0, Floats(builder, Mean)), (1, Floats(builder, Deviation)));
        builder.StartTable(2);
        builder.AddByte(0, 1, 0);
        builder.AddOffset(1, options, 0);
        return builder.EndTable();
    }

    private static int Associated(FlatBufferBuilder builder, NamedFile file)
    {
        int name = builder.CreateString(file.Name).Value, locale = file.Locale.Length == 0 ? 0 : builder.CreateString(file.Locale).Value;
        builder.StartTable(5);
        builder.AddOffset(0, name, 0);
        builder.AddByte(2, file.Type, 0);
        builder.AddOffset(3, locale, 0);
        return builder.EndTable();
    }

    private static int Table(FlatBufferBuilder builder, int slots, params (int Slot, int Offset)[] fields)
    {
        builder.StartTable(slots);
        foreach ((int slot, int offset) in fields)
            builder.AddOffset(slot, offset, 0);
        return builder.EndTable();
    }

    private static int Vector(FlatBufferBuilder builder, int[] tables)
    {
        builder.StartVector(4, tables.Length, 4);
        foreach (int table in tables.Reverse())
            builder.AddOffset(table);
        return builder.EndVector().Value;
    }

    private static int Floats(FlatBufferBuilder builder, float[] values)
    {
        builder.StartVector(4, values.Length, 4);
        foreach (float value in values.Reverse())
            builder.AddFloat(value);
        return builder.EndVector().Value;
    }
}
