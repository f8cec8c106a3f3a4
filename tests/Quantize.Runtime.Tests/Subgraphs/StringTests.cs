using System.Text;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class StringTests
{
    [Fact]
    public void Strings_go_in_are_moved_and_come_out()
    {
        var main = new SubgraphBuilder("main");
        int words = main.Input("words", TensorType.String, 3);
        int more = Strings(main, "end", "");
        int all = main.Call(BuiltinOperator.Concatenation, [words, more], "all", TensorType.String, [5]);
        int picked = main.Call(BuiltinOperator.Gather, [all, main.Constant(TensorType.Int32, [4, 0, 3, 2], 2, 2)], "picked", TensorType.String, [2, 2], new GatherOptions());
        main.Return(picked, main.Call(BuiltinOperator.Reshape, [picked, main.Constant(TensorType.Int32, [4], 1)], "flat", TensorType.String, [4]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        session.SetStrings(0, "eins", "zwei", "größer");
        session.Run();
        Assert.Equal(["", "eins", "end", "größer"], session.GetStrings(0));
        Assert.Equal(session.GetStrings(0), session.GetStrings(1));
        Assert.Equal([2, 2], session.OutputShape(0));
        session.SetStrings(0, "a", "b", "c");
        session.Run();
        Assert.Equal(["", "a", "end", "c"], session.GetStrings(1));
    }

    [Fact]
    public void Strings_are_compared_byte_by_byte()
    {
        var main = new SubgraphBuilder("main");
        int words = main.Input("words", TensorType.String, 2, 1);
        main.Return(main.Call(BuiltinOperator.Equal, [words, Strings(main, "yes", "no")], "same", TensorType.Bool, [2, 2]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        session.SetStrings(0, "no", "yes");
        session.Run();
        Assert.Equal([false, true, true, false], session.Output<bool>(0).ToArray());
    }

    [Fact]
    public void Tables_lead_from_strings_to_numbers_and_back()
    {
        using CompiledModel model = ModelWriter.Load(Tables());
        using Session session = model.CreateSession();
        session.SetStrings(0, "two", "none", "one");
        for (int run = 0; run < 2; run++)
        {
            session.Run();
            Assert.Equal([2, -1, 1], session.Output<long>(0).ToArray());
            Assert.Equal(["two", "?", "one"], session.GetStrings(1));
            Assert.Equal(2, session.Output<long>(2)[0]);
            session.Reset();
        }
    }

    [Fact]
    public void What_is_no_string_and_how_many_there_are_is_told()
    {
        using CompiledModel model = ModelWriter.Load(Tables());
        using Session session = model.CreateSession();
        Assert.Contains("takes 3 strings, but 1 were given", Assert.Throws<ArgumentException>(() => session.SetStrings(0, "alone")).Message);
        session.Warmup();
        Assert.Contains("Int64, not strings", Assert.Throws<ArgumentException>(() => session.GetStrings(0)).Message);
    }

    [Fact]
    public void A_damaged_string_constant_is_refused()
    {
        var main = new SubgraphBuilder("main");
        int words = main.Input("words", TensorType.String, 1);
        main.Return(main.Call(BuiltinOperator.Equal, [words, main.Constant(TensorType.String, [1, 12, 99], 1)], "same", TensorType.Bool, [1]));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        session.SetStrings(0, "x");
        Assert.Contains("from byte 12 to 99 of 12", Assert.Throws<ModelFormatException>(session.Run).Message);
    }

    private static SubgraphBuilder[] Tables()
    {
        var main = new SubgraphBuilder("main");
        int words = main.Input("words", TensorType.String, 3);
        main.Call(BuiltinOperator.CallOnce, [], [], new CallOnceOptions { InitSubgraphIndex = 1 });
        int numbers = main.Call(BuiltinOperator.HashtableFind, [Table(main, 7), words, main.Constant<long>(TensorType.Int64, [-1])], "numbers", TensorType.Int64, [3]);
        int names = main.Call(BuiltinOperator.HashtableFind, [Table(main, 8), numbers, Strings(main, "?")], "names", TensorType.String, [3]);
        main.Return(numbers, names, main.Call(BuiltinOperator.HashtableSize, [Table(main, 7)], "size", TensorType.Int64, [1]));
        var fill = new SubgraphBuilder("fill");
        int keys = Strings(fill, "one", "two"), values = fill.Constant<long>(TensorType.Int64, [1, 2], 2);
        fill.Call(BuiltinOperator.HashtableImport, [Table(fill, 7), keys, values], []);
        fill.Call(BuiltinOperator.HashtableImport, [Table(fill, 8), values, keys], []);
        return [main, fill];
    }

    private static int Table(SubgraphBuilder subgraph, int id) =>
        subgraph.Call(BuiltinOperator.Hashtable, [], $"table{id}", TensorType.Resource, [], new HashtableOptions { TableId = id });

    private static int Strings(SubgraphBuilder subgraph, params string[] elements)
    {
        byte[][] texts = [.. elements.Select(Encoding.UTF8.GetBytes)];
        var bytes = new byte[StringPacker.Length(texts.Length, texts.Sum(text => text.Length))];
        var packer = new StringPacker(bytes, texts.Length);
        foreach (byte[] text in texts)
            packer.Add(text);
        return subgraph.Constant(TensorType.String, bytes, elements.Length);
    }
}
