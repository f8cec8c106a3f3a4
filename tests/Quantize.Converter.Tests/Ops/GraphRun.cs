using System.Runtime.InteropServices;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Ops;
using Quantize.Converter.Passes;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.Tests.Corpus;
using Quantize.Runtime;

namespace Quantize.Converter.Tests.Ops;

/// <summary>A small TensorFlow graph, converted and run on given inputs.</summary>
internal static class GraphRun
{
    /// <summary>The operators of the converted graph, in order.</summary>
    public static string Operators(TfGraphBuilder builder, params TfEdge[] outputs) => string.Join(' ', Converted(builder, outputs).Nodes.Select(node => node.Code));

    /// <summary>The one output as floats.</summary>
    public static float[] Floats(TfGraphBuilder builder, TfEdge output, params Array[] inputs) => MemoryMarshal.Cast<byte, float>(Bytes(builder, output, inputs).Data).ToArray();

    public static int[] Ints(TfGraphBuilder builder, TfEdge output, params Array[] inputs) => MemoryMarshal.Cast<byte, int>(Bytes(builder, output, inputs).Data).ToArray();

    /// <summary>The one output's dimensions and little-endian elements.</summary>
    public static (int[] Shape, byte[] Data) Bytes(TfGraphBuilder builder, TfEdge output, params Array[] inputs) => Bytes(builder, output, [], inputs);

    /// <summary>With other dimensions than the graph declares.</summary>
    public static (int[] Shape, byte[] Data) Bytes(TfGraphBuilder builder, TfEdge output, int[][] shapes, params Array[] inputs)
    {
        ReadOnlyMemory<byte> file = TfLiteEmitter.Emit(Converted(builder, output));
        using CompiledModel model = CompiledModel.Load(file);
        using Session session = model.CreateSession();
        for (int i = 0; i < shapes.Length; i++)
            session.Resize(i, shapes[i]);
        for (int i = 0; i < inputs.Length; i++)
            Raw(inputs[i]).CopyTo(TensorBytes.Input(session, i));
        session.Run();
        return (session.OutputShape(0).ToArray(), TensorBytes.Output(session, 0).ToArray());
    }

    private static Module Converted(TfGraphBuilder builder, params TfEdge[] outputs)
    {
        Module module = ModuleImporter.Import(builder.Build(outputs), "file", [], null, signatureOnly: false);
        PassPipeline.Run(module, "file");
        RuntimeSupport.Check(module, "file");
        return module;
    }

    private static byte[] Raw(Array array)
    {
        var bytes = new byte[Buffer.ByteLength(array)];
        Buffer.BlockCopy(array, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
