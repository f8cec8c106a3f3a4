using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Tests.Emission;

public sealed class EmitterTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using TfLiteModel model = Read(TfLiteEmitter.Emit(Sample(), ("note", "text")));
        Subgraph main = model.Subgraphs[0];
        Assert.Equal("main", main.Name);
        Assert.Equal(["x", "w", "b", "dense", "y"], main.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 2], main.Tensors[0].Shape);
        Assert.Equal([-1, 2], main.Tensors[0].ShapeSignature);
        Assert.Equal([0.5f, 0.25f], main.Tensors[1].Quantization!.Scales);
        Assert.Equal([1, 254, 3, 4], model.Data(main.Tensors[1]).ToArray());
        Assert.Null(main.Tensors[3].Data);
        Assert.Equal([0, 1, 2], main.Operators[0].Inputs);
        Assert.Equal(new FullyConnectedOptions { Activation = ActivationFunction.Relu6, AsymmetricQuantizeInputs = true }, main.Operators[0].Options);
        Assert.Equal(12, main.Operators[0].Version);
        Assert.Equal(new SoftmaxOptions { Beta = 1 }, main.Operators[1].Options);
        Signature signature = Assert.Single(model.Signatures);
        Assert.Equal("serving_default", signature.Key);
        Assert.Equal(new SignatureEntry("x", 0), signature.Inputs[0]);
        Assert.Equal(new SignatureEntry("y", 4), signature.Outputs[0]);
        Assert.Equal("text"u8, model.Bytes(model.Metadata["note"]));
        Assert.Equal("2.17.0", Encoding.UTF8.GetString(model.Bytes(model.Metadata["min_runtime_version"])).TrimEnd('\0'));
    }

    [Fact]
    public void Data_behind_the_flatbuffer_is_the_same_model()
    {
        ReadOnlyMemory<byte> inside = TfLiteEmitter.Emit(Sample(), BufferPool.MostInlineBytes);
        ReadOnlyMemory<byte> outside = TfLiteEmitter.Emit(Sample(), 0);
        using TfLiteModel a = Read(inside), b = Read(outside);
        Assert.Equal(a.Subgraphs[0].Tensors.Length, b.Subgraphs[0].Tensors.Length);
        for (int i = 0; i < a.Subgraphs[0].Tensors.Length; i++)
        {
            Tensor x = a.Subgraphs[0].Tensors[i], y = b.Subgraphs[0].Tensors[i];
            Assert.Equal(x.Data is null, y.Data is null);
            if (x.Data is not null)
                Assert.Equal(a.Data(x).ToArray(), b.Data(y).ToArray());
            Assert.True(y.Data is null || y.Data.Value.Start.Value % 16 == 0);
        }
    }

    [Fact]
    public void Constants_lie_on_multiples_of_16()
    {
        using TfLiteModel model = Read(TfLiteEmitter.Emit(Sample()));
        Assert.All(model.Subgraphs[0].Tensors.Where(tensor => tensor.IsConstant), tensor => Assert.Equal(0, tensor.Data!.Value.Start.Value % 16));
    }

    [Fact]
    public void Equal_constants_of_different_types_share_one_buffer()
    {
        var builder = new GraphBuilder();
        Value x = builder.Input("x", 4);
        Value a = builder.Node("a", BuiltinOperator.Add, new AddOptions(), x, ConstantData.Of("zeros", [4], new float[4]));
        Graph graph = builder.Build(a, builder.Node("b", BuiltinOperator.Add, new AddOptions(), builder.Input("i", TensorType.Int32, 4), ConstantData.Of("none", 0, 0, 0, 0)));
        using TfLiteModel model = Read(TfLiteEmitter.Emit(GraphBuilder.Module(graph)));
        Range[] data = [.. model.Subgraphs[0].Tensors.Where(tensor => tensor.IsConstant).Select(tensor => tensor.Data!.Value)];
        Assert.Equal(2, data.Length);
        Assert.Equal(data[0], data[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(10_001)]
    [InlineData(10_002)]
    public void The_size_is_known_before_a_byte_is_written(int length)
    {
        var builder = new GraphBuilder();
        Value sum = builder.Node("sum", BuiltinOperator.Add, new AddOptions(), builder.Input("x", length), ConstantData.Of("numbers", [length], new float[length]));
        Module module = GraphBuilder.Module(builder.Build(builder.Node("y", BuiltinOperator.Add, new AddOptions(), sum, ConstantData.Of("one", [1], [1f]))));
        ReadOnlyMemory<byte> file = TfLiteEmitter.Emit(module, ("note", "text"));
        Assert.Equal(file.Length, TfLiteEmitter.Measure(module, ("note", "text")));
        Assert.True(MemoryMarshal.TryGetArray(file, out ArraySegment<byte> segment));
        Assert.Equal(file.Length + FlatBufferTables.DataAlignment, segment.Array!.Length);
    }

    [Fact]
    public void Tensor_names_are_made_unique()
    {
        var builder = new GraphBuilder();
        Value a = builder.Node("same", BuiltinOperator.Relu, builder.Input("x", 4));
        Value b = builder.Node("same", BuiltinOperator.Exp, a);
        using TfLiteModel model = Read(TfLiteEmitter.Emit(GraphBuilder.Module(builder.Build(builder.Node("same", BuiltinOperator.Tanh, b)))));
        Assert.Equal(["x", "same1", "same2", "same"], model.Subgraphs[0].Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_show()
    {
        byte[] before = TfLiteEmitter.Emit(Sample()).ToArray();
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NegativeSign, other.NumberFormat.NumberDecimalSeparator) = ("~", ",");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(before, TfLiteEmitter.Emit(Sample()).ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static Module Sample()
    {
        var builder = new GraphBuilder();
        Value weights = Value.Constant("w", TensorType.Int8, [2, 2], new byte[] { 1, 254, 3, 4 });
        weights.Quantization = new QuantizationParameters([0.5f, 0.25f], [0, 0], 0);
        var options = new FullyConnectedOptions { Activation = ActivationFunction.Relu6, AsymmetricQuantizeInputs = true };
        Value dense = builder.Node("dense", BuiltinOperator.FullyConnected, options, builder.Input("x", Dimension.Symbol("batch"), 2), weights, ConstantData.Of("b", [2], [7f, 8f]));
        return GraphBuilder.Module(builder.Build(builder.Node("y", BuiltinOperator.Softmax, new SoftmaxOptions { Beta = 1 }, dense)));
    }

    private static TfLiteModel Read(ReadOnlyMemory<byte> file) => TfLiteModel.Read(ModelBytes.Of(file));
}
