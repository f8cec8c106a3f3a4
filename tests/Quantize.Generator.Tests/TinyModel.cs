using Google.FlatBuffers;
using Quantize.Build;
using Quantize.Runtime;

namespace Quantize.Generator.Tests;

/// <summary>One operator of a tiny model, over the tensors of its signature by key.</summary>
internal sealed record TinyOperator(int Code, string[] Inputs, string[] Outputs)
{
    public const byte ConcatenationOptions = 10, CastOptions = 37, ShapeOptions = 55;

    /// <summary>Kind of the option table (a concatenation's, a cast's, a shape's), or 0 for none.</summary>
    public byte OptionsKind { get; init; }

    /// <summary>A concatenation's axis.</summary>
    public int Axis { get; init; }

    /// <summary>A custom operator's name.</summary>
    public string CustomCode { get; init; } = "";

    public static TinyOperator Custom(string name, string from, string to) => new(32, [from], [to]) { CustomCode = name };

    public static TinyOperator Add(string a, string b, string sum) => new(0, [a, b], [sum]);

    public static TinyOperator Cast(string from, string to) => new(53, [from], [to]) { OptionsKind = CastOptions };

    public static TinyOperator Negative(string from, string to) => new(59, [from], [to]);

    public static TinyOperator Requantize(string from, string to) => new(114, [from], [to]);

    public static TinyOperator Shape(string of, string shape) => new(77, [of], [shape]) { OptionsKind = ShapeOptions };

    public static TinyOperator Concatenation(int axis, string a, string b, string all) =>
        new(2, [a, b], [all]) { OptionsKind = ConcatenationOptions, Axis = axis };
}

/// <summary>Writes a .tflite file with the signatures of a class and a few operators.</summary>
internal static class TinyModel
{
    /// <param name="signature">What the file is to have.</param>
    /// <param name="operators">For each signature its operators.</param>
    public static byte[] Write(ModelSignature signature, params TinyOperator[][] operators)
    {
        var builder = new FlatBufferBuilder(1024);
        int[] codes = [.. operators.SelectMany(list => list).Select(node => node.Code).Distinct()];
        string custom = operators.SelectMany(list => list).Select(node => node.CustomCode).FirstOrDefault(name => name.Length > 0) ?? "";
        VectorOffset codeTables = Tables(builder, codes.Select(code => Code(builder, code, custom)));
        VectorOffset subgraphs = Tables(builder, signature.Methods.Select((method, i) => Subgraph(builder, method, operators[i], codes)));
        VectorOffset signatures = Tables(builder, signature.Methods.Select((method, i) => Definition(builder, method, i)));
        builder.StartTable(0);
        VectorOffset buffers = Tables(builder, [builder.EndTable()]);

        builder.StartTable(8);
        builder.AddInt(0, 3, 0);
        builder.AddOffset(1, codeTables.Value, 0);
        builder.AddOffset(2, subgraphs.Value, 0);
        builder.AddOffset(4, buffers.Value, 0);
        builder.AddOffset(7, signatures.Value, 0);
        builder.Finish(builder.EndTable(), "TFL3");
        return builder.SizedByteArray();
    }

    private static int Code(FlatBufferBuilder builder, int code, string custom)
    {
        StringOffset customCode = builder.CreateString(code == 32 ? custom : "");
        builder.StartTable(4);
        builder.AddSbyte(0, (sbyte)code, 0);
        builder.AddOffset(1, customCode.Value, 0);
        builder.AddInt(2, 1, 0);
        builder.AddInt(3, code, 0);
        return builder.EndTable();
    }

    private static int Subgraph(FlatBufferBuilder builder, SignatureMethod method, TinyOperator[] operators, int[] codes)
    {
        SignatureTensor[] all = [.. method.Inputs, .. method.Outputs];
        VectorOffset tensors = Tables(builder, all.Select(tensor => Tensor(builder, tensor)));
        VectorOffset inputs = Ints(builder, Enumerable.Range(0, method.Inputs.Count));
        VectorOffset outputs = Ints(builder, Enumerable.Range(method.Inputs.Count, method.Outputs.Count));
        VectorOffset nodes = Tables(builder, operators.Select(node => Operator(builder, node, all, codes)));
        builder.StartTable(5);
        builder.AddOffset(0, tensors.Value, 0);
        builder.AddOffset(1, inputs.Value, 0);
        builder.AddOffset(2, outputs.Value, 0);
        builder.AddOffset(3, nodes.Value, 0);
        return builder.EndTable();
    }

    private static int Tensor(FlatBufferBuilder builder, SignatureTensor tensor)
    {
        int[] open = [.. tensor.Shape.Select(dimension => int.TryParse(dimension, out int number) ? number : -1)];
        VectorOffset shape = Ints(builder, open.Select(dimension => Math.Abs(dimension)));
        VectorOffset shapeSignature = Ints(builder, open);
        StringOffset name = builder.CreateString(tensor.Name);
        int quantization = Quantization(builder, tensor);
        builder.StartTable(8);
        builder.AddOffset(0, shape.Value, 0);
        builder.AddSbyte(1, (sbyte)Enum.Parse<TensorType>(tensor.Type), 0);
        builder.AddOffset(3, name.Value, 0);
        builder.AddOffset(4, quantization, 0);
        builder.AddOffset(7, shapeSignature.Value, 0);
        return builder.EndTable();
    }

    private static int Quantization(FlatBufferBuilder builder, SignatureTensor tensor)
    {
        if (tensor.Scale == 0)
            return 0;
        builder.StartVector(4, 1, 4);
        builder.AddFloat(tensor.Scale);
        VectorOffset scale = builder.EndVector();
        builder.StartVector(8, 1, 8);
        builder.AddLong(tensor.ZeroPoint);
        VectorOffset zeroPoint = builder.EndVector();
        builder.StartTable(7);
        builder.AddOffset(2, scale.Value, 0);
        builder.AddOffset(3, zeroPoint.Value, 0);
        return builder.EndTable();
    }

    private static int Operator(FlatBufferBuilder builder, TinyOperator node, SignatureTensor[] tensors, int[] codes)
    {
        SignatureTensor from = tensors.First(tensor => tensor.Key == node.Inputs[0]), to = tensors.Last(tensor => tensor.Key == node.Outputs[0]);
        VectorOffset inputs = Ints(builder, node.Inputs.Select(key => Array.FindIndex(tensors, tensor => tensor.Key == key)));
        VectorOffset outputs = Ints(builder, node.Outputs.Select(key => Array.FindLastIndex(tensors, tensor => tensor.Key == key)));
        int options = Options(builder, node, from.Type, to.Type);
        builder.StartTable(5);
        builder.AddInt(0, Array.IndexOf(codes, node.Code), 0);
        builder.AddOffset(1, inputs.Value, 0);
        builder.AddOffset(2, outputs.Value, 0);
        builder.AddByte(3, node.OptionsKind, 0);
        builder.AddOffset(4, options, 0);
        return builder.EndTable();
    }

    private static int Options(FlatBufferBuilder builder, TinyOperator node, string from, string to)
    {
        if (node.OptionsKind == 0)
            return 0;
        builder.StartTable(2);
        if (node.OptionsKind == TinyOperator.ConcatenationOptions)
            builder.AddInt(0, node.Axis, 0);
        if (node.OptionsKind == TinyOperator.ShapeOptions)
            builder.AddSbyte(0, (sbyte)Enum.Parse<TensorType>(to), 0);
        if (node.OptionsKind == TinyOperator.CastOptions)
        {
            builder.AddSbyte(0, (sbyte)Enum.Parse<TensorType>(from), 0);
            builder.AddSbyte(1, (sbyte)Enum.Parse<TensorType>(to), 0);
        }

        return builder.EndTable();
    }

    private static int Definition(FlatBufferBuilder builder, SignatureMethod method, int subgraph)
    {
        VectorOffset inputs = Tables(builder, method.Inputs.Select((tensor, i) => Entry(builder, tensor.Key, i)));
        VectorOffset outputs = Tables(builder, method.Outputs.Select((tensor, i) => Entry(builder, tensor.Key, method.Inputs.Count + i)));
        StringOffset key = builder.CreateString(method.Key);
        builder.StartTable(5);
        builder.AddOffset(0, inputs.Value, 0);
        builder.AddOffset(1, outputs.Value, 0);
        builder.AddOffset(2, key.Value, 0);
        builder.AddInt(4, subgraph, 0);
        return builder.EndTable();
    }

    private static int Entry(FlatBufferBuilder builder, string key, int tensor)
    {
        StringOffset name = builder.CreateString(key);
        builder.StartTable(2);
        builder.AddOffset(0, name.Value, 0);
        builder.AddInt(1, tensor, 0);
        return builder.EndTable();
    }

    private static VectorOffset Tables(FlatBufferBuilder builder, IEnumerable<int> tables)
    {
        int[] offsets = [.. tables];
        builder.StartVector(4, offsets.Length, 4);
        foreach (int offset in offsets.Reverse())
            builder.AddOffset(offset);
        return builder.EndVector();
    }

    private static VectorOffset Ints(FlatBufferBuilder builder, IEnumerable<int> values)
    {
        int[] numbers = [.. values];
        builder.StartVector(4, numbers.Length, 4);
        foreach (int number in numbers.Reverse())
            builder.AddInt(number);
        return builder.EndVector();
    }
}
