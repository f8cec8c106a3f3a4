using System.Runtime.InteropServices;
using Quantize.Runtime;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>A session's tensors as bytes, whatever their type.</summary>
internal static class TensorBytes
{
    public static Span<byte> Input(Session session, int input) => session.Signature.Inputs[input].Type switch
    {
        TensorType.Float32 => MemoryMarshal.AsBytes(session.Input<float>(input)),
        TensorType.Float64 => MemoryMarshal.AsBytes(session.Input<double>(input)),
        TensorType.Float16 => MemoryMarshal.AsBytes(session.Input<Half>(input)),
        TensorType.Int32 => MemoryMarshal.AsBytes(session.Input<int>(input)),
        TensorType.UInt32 => MemoryMarshal.AsBytes(session.Input<uint>(input)),
        TensorType.Int64 => MemoryMarshal.AsBytes(session.Input<long>(input)),
        TensorType.Int16 => MemoryMarshal.AsBytes(session.Input<short>(input)),
        TensorType.UInt16 => MemoryMarshal.AsBytes(session.Input<ushort>(input)),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Input<sbyte>(input)),
        TensorType.UInt8 => session.Input<byte>(input),
        TensorType.Bool => MemoryMarshal.AsBytes(session.Input<bool>(input)),
        TensorType type => throw new NotSupportedException(type.ToString()),
    };

    public static ReadOnlySpan<byte> Output(Session session, int output) => session.Signature.Outputs[output].Type switch
    {
        TensorType.Float32 => MemoryMarshal.AsBytes(session.Output<float>(output)),
        TensorType.Float64 => MemoryMarshal.AsBytes(session.Output<double>(output)),
        TensorType.Float16 => MemoryMarshal.AsBytes(session.Output<Half>(output)),
        TensorType.Int32 => MemoryMarshal.AsBytes(session.Output<int>(output)),
        TensorType.UInt32 => MemoryMarshal.AsBytes(session.Output<uint>(output)),
        TensorType.Int64 => MemoryMarshal.AsBytes(session.Output<long>(output)),
        TensorType.Int16 => MemoryMarshal.AsBytes(session.Output<short>(output)),
        TensorType.UInt16 => MemoryMarshal.AsBytes(session.Output<ushort>(output)),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Output<sbyte>(output)),
        TensorType.UInt8 => session.Output<byte>(output),
        TensorType.Bool => MemoryMarshal.AsBytes(session.Output<bool>(output)),
        TensorType type => throw new NotSupportedException(type.ToString()),
    };
}
