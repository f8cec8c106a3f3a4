using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Generated;

/// <summary>The elements of quantized inputs and outputs as the numbers that they stand for.</summary>
internal static class RealNumbers
{
    /// <summary>As many numbers as the input has elements.</summary>
    public static void Write(Session session, int input, ReadOnlySpan<float> values)
    {
        TensorInfo tensor = session.Signature.Inputs[input];
        AffineCodes affine = session.Kernels.AffineCodes;
        switch (tensor.Type)
        {
            case TensorType.Int8: affine.Quantize(values, tensor.Scale, tensor.ZeroPoint, session.Input<sbyte>(input)); break;
            case TensorType.UInt8: affine.Quantize(values, tensor.Scale, tensor.ZeroPoint, session.Input<byte>(input)); break;
            case TensorType.Int16: affine.Quantize(values, tensor.Scale, tensor.ZeroPoint, session.Input<short>(input)); break;
            default: throw NotQuantized(tensor);
        }
    }

    public static float[] Read(Session session, int output)
    {
        float[] values = new float[Length(session, output)];
        Read(session, output, values);
        return values;
    }

    /// <summary>The memory may be longer; the result is the number of elements.</summary>
    public static int Read(Session session, int output, Span<float> values)
    {
        TensorInfo tensor = session.Signature.Outputs[output];
        AffineCodes affine = session.Kernels.AffineCodes;
        switch (tensor.Type)
        {
            case TensorType.Int8: affine.Dequantize(session.Output<sbyte>(output), tensor.Scale, tensor.ZeroPoint, values); break;
            case TensorType.UInt8: affine.Dequantize(session.Output<byte>(output), tensor.Scale, tensor.ZeroPoint, values); break;
            case TensorType.Int16: affine.Dequantize(session.Output<short>(output), tensor.Scale, tensor.ZeroPoint, values); break;
            default: throw NotQuantized(tensor);
        }

        return Length(session, output);
    }

    private static int Length(Session session, int output) => session.OutputBytes(output).Length * 8 / session.Signature.Outputs[output].Type.Bits();

    private static InvalidOperationException NotQuantized(TensorInfo tensor) => new($"'{tensor.Key}' has elements of type {tensor.Type}, which are no codes; rebuild the project");
}
