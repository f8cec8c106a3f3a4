using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Tests.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Tests.Emission;

public sealed class RecurrentEmissionTests
{
    private const int Features = 3, Units = 2;

    [Theory]
    [InlineData(TensorType.Float32, false, 1)]
    [InlineData(TensorType.Int8, false, 2)]
    [InlineData(TensorType.Int8, true, 3)]
    public void An_LSTM_with_state_is_written_in_its_version_and_runs(TensorType weights, bool asymmetric, int version)
    {
        Module module = GraphBuilder.Module(Lstm(weights, asymmetric));
        Assert.Null(GraphChecker.Fault(module.Graphs[0]));
        RuntimeSupport.Check(module, "model");
        ReadOnlyMemory<byte> bytes = TfLiteEmitter.Emit(module);
        using (TfLiteModel file = TfLiteModel.Read(ModelBytes.Of(bytes)))
        {
            Assert.Equal(version, file.Subgraphs[0].Operators[0].Version);
            Assert.Equal(["output state", "cell state"], file.Subgraphs[0].Tensors.Where(tensor => tensor.IsVariable).Select(tensor => tensor.Name));
        }

        using CompiledModel model = CompiledModel.Load(bytes);
        using Session session = model.CreateSession();
        session.Input<float>(0).Fill(1);
        session.Run();
        float[] first = session.Output<float>(0).ToArray();
        session.Run();
        Assert.NotEqual(first, session.Output<float>(0).ToArray());
    }

    private static Graph Lstm(TensorType type, bool asymmetric)
    {
        var builder = new GraphBuilder();
        Value?[] inputs = new Value?[24];
        inputs[0] = builder.Input("x", 1, 4, Features);
        for (int i = 0; i < 8; i++)
            inputs[1 + i] = Weights($"w{i}", type, i < 4 ? Features : Units);
        for (int i = 0; i < 4; i++)
            inputs[12 + i] = ConstantData.Of($"b{i}", [Units], [0.1f, 0.2f]);
        inputs[18] = new Value("output state", TensorType.Float32, Runtime.Shapes.Shape.Of(1, Units)) { IsVariable = true };
        inputs[19] = new Value("cell state", TensorType.Float32, Runtime.Shapes.Shape.Of(1, Units)) { IsVariable = true };
        var options = new UnidirectionalSequenceLstmOptions { Activation = ActivationFunction.Tanh, AsymmetricQuantizeInputs = asymmetric };
        return builder.Build(builder.Node("y", BuiltinOperator.UnidirectionalSequenceLstm, options, inputs));
    }

    private static Value Weights(string name, TensorType type, int depth)
    {
        if (type == TensorType.Float32)
            return ConstantData.Of(name, [Units, depth], [.. Enumerable.Range(1, Units * depth).Select(i => i / 10f)]);
        Value codes = Value.Constant(name, type, [Units, depth], Enumerable.Range(1, Units * depth).Select(i => (byte)(10 * i)).ToArray());
        codes.Quantization = new QuantizationParameters([0.01f], [0], 0);
        return codes;
    }
}
