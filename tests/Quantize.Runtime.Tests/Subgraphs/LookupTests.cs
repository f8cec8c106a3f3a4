using System.Text;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class LookupTests
{
    [Fact]
    public void Rows_are_found_by_their_keys_and_absent_ones_are_zero()
    {
        var main = new SubgraphBuilder("main");
        int wanted = main.Input("wanted", TensorType.Int32, 3), keys = main.Constant(TensorType.Int32, [-5, 2, 7], 3);
        int table = main.Constant(TensorType.Float32, [1f, 2, 3, 4, 5, 6], 3, 2), rows = main.Tensor("rows", TensorType.Float32, 3, 2),
            hits = main.Tensor("hits", TensorType.UInt8, 3);
        main.Call(BuiltinOperator.HashtableLookup, [wanted, keys, table], [rows, hits]);
        using CompiledModel model = ModelWriter.Load(main.Return(rows, hits));
        using Session session = Run(model, [7, 0, -5]);
        Assert.Equal([5, 6, 0, 0, 1, 2], session.Output<float>(0).ToArray());
        Assert.Equal([1, 0, 1], session.Output<byte>(1).ToArray());
    }

    [Fact]
    public void Strings_are_found_by_their_keys_and_absent_ones_are_empty()
    {
        var main = new SubgraphBuilder("main");
        int wanted = main.Input("wanted", TensorType.Int32, 3), keys = main.Constant(TensorType.Int32, [1, 4], 2);
        int table = main.Constant(TensorType.String, Packed("one", "four"), 2), words = main.Tensor("words", TensorType.String, 3), hits = main.Tensor("hits", TensorType.UInt8, 3);
        main.Call(BuiltinOperator.HashtableLookup, [wanted, keys, table], [words, hits]);
        using CompiledModel model = ModelWriter.Load(main.Return(words, hits));
        using Session session = Run(model, [4, 1, 2]);
        Assert.Equal(["four", "one", ""], session.GetStrings(0));
        Assert.Equal([1, 1, 0], session.Output<byte>(1).ToArray());
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    public void A_position_outside_of_a_dense_tensor_is_told(int row, int column)
    {
        var main = new SubgraphBuilder("main");
        int positions = main.Input("positions", TensorType.Int32, 1, 2), shape = main.Constant(TensorType.Int32, [2, 3], 2);
        main.Return(main.Call(BuiltinOperator.SparseToDense, [positions, shape, main.Scalar(5f), main.Scalar(1f)], "dense", TensorType.Float32, [2, 3]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = Run(model, [1, 2]);
        Assert.Equal([1, 1, 1, 1, 1, 5], session.Output<float>(0).ToArray());
        session.Input<int>(0)[0] = row;
        session.Input<int>(0)[1] = column;
        Assert.Contains("'positions' addresses element", Assert.Throws<ArgumentOutOfRangeException>(session.Run).Message);
    }

    [Fact]
    public void Places_of_embeddings_need_not_be_in_order_and_may_be_empty()
    {
        var main = new SubgraphBuilder("main");
        int ids = main.Input("ids", TensorType.Int32, 3), places = main.Constant(TensorType.Int32, [2, 0, 0, 0, 2, 1], 3, 2), shape = main.Constant(TensorType.Int32, [3, 2], 2);
        int weights = main.Constant(TensorType.Float32, [1f, 2, 3], 3), table = main.Constant(TensorType.Float32, [1f, 10, 2, 20], 2, 2);
        main.Return(main.Call(
            BuiltinOperator.EmbeddingLookupSparse, [ids, places, shape, weights, table], "sums", TensorType.Float32, [3, 2],
            new EmbeddingLookupSparseOptions { Combiner = CombinerType.Mean }));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = Run(model, [0, 1, 1]);
        Assert.Equal([2, 20, 0, 0, 1.75f, 17.5f], session.Output<float>(0).ToArray());
        session.Input<int>(0)[1] = 2;
        Assert.Contains("'ids' names row 2 of 2", Assert.Throws<ArgumentOutOfRangeException>(session.Run).Message);
    }

    [Fact]
    public void Numbers_fall_between_boundaries_and_NaN_above_them_all()
    {
        var main = new SubgraphBuilder("main");
        int values = main.Input("values", TensorType.Float32, 5);
        main.Return(main.Call(BuiltinOperator.Bucketize, [values], "buckets", TensorType.Int32, [5], new BucketizeOptions { Boundaries = [0, 1, 10] }));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        float[] numbers = [-1, 0, 0.5f, 10, float.NaN];
        numbers.CopyTo(session.Input<float>(0));
        session.Run();
        Assert.Equal([0, 1, 1, 3, 3], session.Output<int>(0).ToArray());
    }

    [Fact]
    public void Boundaries_that_do_not_ascend_are_refused()
    {
        var main = new SubgraphBuilder("main");
        main.Return(main.Call(BuiltinOperator.Bucketize, [main.Input("values", TensorType.Float32, 1)], "buckets", TensorType.Int32, [1],
            new BucketizeOptions { Boundaries = [1, 0] }));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        Assert.Contains("boundaries that do not ascend", Assert.Throws<ModelFormatException>(session.Run).Message);
    }

    [Fact]
    public void Weights_of_an_integer_layer_may_come_from_the_run()
    {
        var main = new SubgraphBuilder("main");
        int Codes(string name, params int[] shape) => main.Add(new SubgraphBuilder.WrittenTensor(name, TensorType.Int8, shape, null) { Scales = [0.5f] });
        int input = Codes("x", 1, 2), weights = Codes("w", 2, 2), output = Codes("y", 1, 2);
        main.Inputs.AddRange([input, weights]);
        main.Call(BuiltinOperator.FullyConnected, [input, weights, -1], [output], new FullyConnectedOptions());
        using CompiledModel model = ModelWriter.Load(main.Return(output));
        using Session session = model.CreateSession();
        sbyte[] x = [2, 4], first = [1, 2, 3, 4], second = [4, 0, 0, 4];
        x.CopyTo(session.Input<sbyte>(0));
        first.CopyTo(session.Input<sbyte>(1));
        session.Run();
        Assert.Equal([5, 11], session.Output<sbyte>(0).ToArray());
        second.CopyTo(session.Input<sbyte>(1));
        session.Run();
        Assert.Equal([4, 8], session.Output<sbyte>(0).ToArray());
    }

    private static Session Run(CompiledModel model, int[] input)
    {
        Session session = model.CreateSession();
        input.CopyTo(session.Input<int>(0));
        session.Run();
        return session;
    }

    private static byte[] Packed(params string[] strings)
    {
        byte[][] bytes = [.. strings.Select(Encoding.UTF8.GetBytes)];
        var packed = new byte[StringPacker.Length(bytes.Length, bytes.Sum(one => one.Length))];
        var packer = new StringPacker(packed, bytes.Length);
        foreach (byte[] one in bytes)
            packer.Add(one);
        return packed;
    }
}
