using System.Runtime.InteropServices;
using Google.Protobuf;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TensorFlow.Protos;
using static Quantize.Converter.Tests.TensorFlow.TestGraphs;

namespace Quantize.Converter.Tests.TensorFlow;

public class TensorProtoReaderTests
{
    [Fact]
    public void Bytes_are_taken_as_they_lie()
    {
        var proto = new TensorProto { Dtype = Float, TensorShape = Shape(2), TensorContent = ByteString.CopyFrom(0, 0, 128, 63, 0, 0, 0, 64) };

        Assert.Equal([1f, 2f], Values<float>(proto));
        Assert.True(MemoryMarshal.TryGetArray(Read(proto).Bytes, out ArraySegment<byte> bytes));
        Assert.True(MemoryMarshal.TryGetArray(proto.TensorContent.Memory, out ArraySegment<byte> original));
        Assert.Same(original.Array, bytes.Array);
    }

    [Fact]
    public void The_last_value_stands_for_all_that_follow()
    {
        Assert.Equal([1f, 2f, 2f, 2f], Values<float>(new TensorProto { Dtype = Float, TensorShape = Shape(2, 2), FloatVal = { 1, 2 } }));
        Assert.Equal([0f, 0f], Values<float>(new TensorProto { Dtype = Float, TensorShape = Shape(2) }));
        Assert.Equal([1f, 2f, 1f, 2f], Values<float>(new TensorProto { Dtype = 8, TensorShape = Shape(2), ScomplexVal = { 1, 2 } }));
        Assert.Equal(["a", "b", "b"], Read(new TensorProto { Dtype = 7, TensorShape = Shape(3), StringVal = { Text("a"), Text("b") } }).Strings.Select(Text));
    }

    [Fact]
    public void Every_type_has_its_field()
    {
        Assert.Equal([1.5], Values<double>(new TensorProto { Dtype = 2, DoubleVal = { 1.5 } }));
        Assert.Equal([-3], Values<int>(new TensorProto { Dtype = 3, IntVal = { -3 } }));
        Assert.Equal([(byte)200], Values<byte>(new TensorProto { Dtype = 4, IntVal = { 200 } }));
        Assert.Equal([(short)-5], Values<short>(new TensorProto { Dtype = 5, IntVal = { -5 } }));
        Assert.Equal([(sbyte)-6], Values<sbyte>(new TensorProto { Dtype = 6, IntVal = { -6 } }));
        Assert.Equal([-9L], Values<long>(new TensorProto { Dtype = 9, Int64Val = { -9 } }));
        Assert.Equal([true, false], Values<bool>(new TensorProto { Dtype = 10, TensorShape = Shape(2), BoolVal = { true, false } }));
        Assert.Equal([(sbyte)-7], Values<sbyte>(new TensorProto { Dtype = 11, IntVal = { -7 } }));
        Assert.Equal([(ushort)0x3fc0], Values<ushort>(new TensorProto { Dtype = 14, HalfVal = { 0x3fc0 } }));
        Assert.Equal([(ushort)60000], Values<ushort>(new TensorProto { Dtype = 17, IntVal = { 60000 } }));
        Assert.Equal([(Half)1.5], Values<Half>(new TensorProto { Dtype = 19, HalfVal = { 0x3e00 } }));
        Assert.Equal([4000000000u], Values<uint>(new TensorProto { Dtype = 22, Uint32Val = { 4000000000 } }));
        Assert.Equal([ulong.MaxValue], Values<ulong>(new TensorProto { Dtype = 23, Uint64Val = { ulong.MaxValue } }));
        Assert.Equal([(byte)0x3c], Values<byte>(new TensorProto { Dtype = 24, Float8Val = ByteString.CopyFrom(0x3c) }));
        Assert.Equal([(byte)5], Values<byte>(new TensorProto { Dtype = 29, IntVal = { 5 } }));
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_tensors()
    {
        Assert.Equal([], Read(new TensorProto { Dtype = Float, FloatVal = { 1 } }).Shape);
        Assert.Equal(0, Read(new TensorProto { Dtype = Float, TensorShape = Shape(int.MaxValue, 0, int.MaxValue) }).Bytes.Length);
        Assert.Empty(Read(new TensorProto { Dtype = 7, TensorShape = Shape(0) }).Strings);
    }

    [Fact]
    public void Values_that_do_not_fit_the_shape_are_refused_with_the_node()
    {
        AssertRefused("has 4 bytes where its type and shape ask for 8", new TensorProto { Dtype = Float, TensorShape = Shape(2), TensorContent = ByteString.CopyFrom(1, 2, 3, 4) });
        AssertRefused("has 3 values where its shape asks for 2", new TensorProto { Dtype = Float, TensorShape = Shape(2), FloatVal = { 1, 2, 3 } });
        AssertRefused("has 1 values where its shape asks for 0", new TensorProto { Dtype = 7, TensorShape = Shape(0), StringVal = { Text("a") } });
    }

    [Fact]
    public void Hostile_shapes_and_types_are_refused_with_the_node()
    {
        AssertRefused("has a shape that is open or larger than memory", new TensorProto { Dtype = Float, TensorShape = Shape(1L << 31) });
        AssertRefused("has a shape that is open or larger than memory", new TensorProto { Dtype = Float, TensorShape = Shape(1 << 30, 1 << 30, 1 << 30, 1 << 30) });
        AssertRefused("has a shape that is open or larger than memory", new TensorProto { Dtype = Float, TensorShape = Shape(-1) });
        AssertRefused("would take 8589934584 bytes", new TensorProto { Dtype = 2, TensorShape = Shape(1073741823) });
        AssertRefused("repeats one text 2000000 times", new TensorProto { Dtype = 7, TensorShape = Shape(2_000_000), StringVal = { Text("a") } });
        AssertRefused("has the unknown element type 99", new TensorProto { Dtype = 99 });
    }

    private static TfTensor Read(TensorProto proto) => TensorProtoReader.Read(proto, "model.pb", "weights");

    private static T[] Values<T>(TensorProto proto)
        where T : struct => MemoryMarshal.Cast<byte, T>(Read(proto).Bytes.Span).ToArray();

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);

    private static string Text(byte[] text) => System.Text.Encoding.UTF8.GetString(text);

    private static void AssertRefused(string fact, TensorProto proto)
    {
        ConversionException refusal = Assert.Throws<ConversionException>(() => Read(proto));
        Assert.Contains("model.pb", refusal.Message);
        Assert.Contains($"the constant of node 'weights' {fact}", refusal.Message);
    }
}
