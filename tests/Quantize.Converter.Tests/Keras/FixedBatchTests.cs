using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>With a batch that is fixed, layers whose cell has a builtin become that, and give the same as with an open one.</summary>
public sealed class FixedBatchTests
{
    private const float Tolerance = 1e-5f;

    [Theory]
    [InlineData("lstm_keras", nameof(BuiltinOperator.UnidirectionalSequenceLstm))]
    [InlineData("lstm_h5", nameof(BuiltinOperator.UnidirectionalSequenceLstm))]
    [InlineData("bidirectional_keras", nameof(BuiltinOperator.UnidirectionalSequenceLstm))]
    [InlineData("simple_rnn_keras", nameof(BuiltinOperator.UnidirectionalSequenceRnn))]
    public void Recurrent_layers_become_builtins_that_give_the_same(string name, string code)
    {
        KerasCase test = KerasCase.All().FirstOrDefault(one => one.Name == name) ?? throw Xunit.Sdk.SkipException.ForSkip("the corpus of Keras models is not here");
        using CompiledModel open = Convert(test, null), fixedBatch = Convert(test, 2);
        Assert.Contains(fixedBatch.Model.Subgraphs[0].Operators, node => node.Code.ToString() == code);
        using Session expected = open.CreateSession(), actual = fixedBatch.CreateSession();
        expected.Resize(0, [2, .. expected.Signature.Inputs[0].Shape.Skip(1)]);
        for (int call = 0; call < 2; call++)
        {
            Fill(expected.Input<float>(0));
            Fill(actual.Input<float>(0));
            expected.Run();
            actual.Run();
            for (int i = 0; i < expected.Signature.Outputs.Count; i++)
                Assert.All(expected.Output<float>(i).ToArray().Zip(actual.Output<float>(i).ToArray()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    private static CompiledModel Convert(KerasCase test, int? batch) =>
        CompiledModel.Load(ModelConverter.Convert(new ConversionRequest { ModelPath = test.ModelPath, Quantization = QuantizationScheme.None, Batch = batch }).Model);

    private static void Fill(Span<float> input)
    {
        for (int i = 0; i < input.Length; i++)
            input[i] = MathF.Sin(i);
    }
}
