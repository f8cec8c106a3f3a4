using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>What a custom operator sees when it is prepared: types, shapes and options, not yet the elements.</summary>
public sealed class CustomOperatorContext
{
    private readonly CustomOptions _options;
    private readonly TensorSlot?[] _inputs;
    private readonly (TensorType Type, QuantizationParameters? Quantization)[] _outputs;
    private readonly List<int> _scratch = [];

    internal CustomOperatorContext(CustomOptions options, TensorSlot?[] inputs, (TensorType Type, QuantizationParameters? Quantization)[] outputs)
    {
        _options = options;
        _inputs = inputs;
        _outputs = outputs;
        OutputShapes = new int[outputs.Length][];
    }

    /// <summary>The operator's name in the file.</summary>
    public string Name => _options.Code;

    /// <summary>The bytes that the file stores for this operator.</summary>
    public ReadOnlyMemory<byte> Options => _options.Bytes;

    /// <summary>The same, for operators whose options are a FlexBuffer.</summary>
    /// <exception cref="ModelFormatException">They are none.</exception>
    public FlexValue FlexOptions => FlexValue.Read(_options.Bytes);

    /// <summary>How many inputs the operator has, optional ones included.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>How many outputs the operator has.</summary>
    public int OutputCount => _outputs.Length;

    /// <summary>Null where the operator leaves the shape to the run.</summary>
    internal int[]?[] OutputShapes { get; }

    internal IReadOnlyList<int> ScratchBytes => _scratch;

    /// <summary>Whether an optional input is given.</summary>
    public bool HasInput(int input) => (uint)input < (uint)_inputs.Length && _inputs[input] is not null;

    /// <summary>Element type of an input.</summary>
    public TensorType InputType(int input) => Input(input).Type;

    /// <summary>Dimensions of an input, outermost first.</summary>
    public ReadOnlySpan<int> InputShape(int input) => Input(input).Shape;

    /// <summary>How a quantized input stands for numbers: real = scale * (code - zero point). A scale of 0 where it is not quantized per tensor.</summary>
    public (float Scale, int ZeroPoint) InputQuantization(int input) => PerTensor(Input(input).Quantization);

    /// <summary>Element type of an output, as the file declares it.</summary>
    public TensorType OutputType(int output) => Output(output).Type;

    /// <summary>How a quantized output stands for numbers.</summary>
    public (float Scale, int ZeroPoint) OutputQuantization(int output) => PerTensor(Output(output).Quantization);

    /// <summary>States the dimensions of an output. One that is not stated is allocated by the kernel in each run: <see cref="CustomRun.Allocate{T}"/>.</summary>
    public void SetOutputShape(int output, params ReadOnlySpan<int> shape)
    {
        Output(output);
        foreach (int dimension in shape)
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
        OutputShapes[output] = shape.ToArray();
    }

    /// <summary>Memory for the kernel, alive during its run: to be had by that number from <see cref="CustomRun.Scratch{T}"/>.</summary>
    public int AddScratch(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        _scratch.Add(byteCount);
        return _scratch.Count - 1;
    }

    /// <summary>An exception that names the operator and tells what is wrong with the file.</summary>
    public ModelFormatException Fail(string fact) => new($"the custom operator {Name} {fact}");

    private TensorSlot Input(int input) => HasInput(input) ? _inputs[input]! : throw Fail($"has no input {input}");

    private (TensorType Type, QuantizationParameters? Quantization) Output(int output) => (uint)output < (uint)_outputs.Length ? _outputs[output] : throw Fail($"has no output {output}");

    private static (float Scale, int ZeroPoint) PerTensor(QuantizationParameters? quantization) =>
        quantization is { PerChannel: false } parameters ? (parameters.Scales[0], (int)parameters.ZeroPoints[0]) : (0, 0);
}
