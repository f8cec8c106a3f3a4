namespace Quantize.Runtime.Ops;

/// <summary>An input of a custom operator as real numbers: floats, or codes of 8 bits.</summary>
internal sealed class CustomNumbers
{
    private readonly int _input;
    private readonly TensorType _type;
    private readonly float _scale;
    private readonly int _zeroPoint;

    public CustomNumbers(CustomOperatorContext context, int input)
    {
        _input = input;
        _type = context.InputType(input);
        (_scale, _zeroPoint) = context.InputQuantization(input);
        if (_type is not (TensorType.Float32 or TensorType.UInt8 or TensorType.Int8))
            throw context.Fail($"has input {input} of type {_type}, for which there is no kernel");
    }

    public void Read(in CustomRun run, Span<float> numbers)
    {
        switch (_type)
        {
            case TensorType.Float32:
                run.Input<float>(_input).CopyTo(numbers);
                break;
            case TensorType.UInt8:
                ReadOnlySpan<byte> codes = run.Input<byte>(_input);
                for (int i = 0; i < codes.Length; i++)
                    numbers[i] = _scale * (codes[i] - _zeroPoint);
                break;
            default:
                ReadOnlySpan<sbyte> signed = run.Input<sbyte>(_input);
                for (int i = 0; i < signed.Length; i++)
                    numbers[i] = _scale * (signed[i] - _zeroPoint);
                break;
        }
    }
}
