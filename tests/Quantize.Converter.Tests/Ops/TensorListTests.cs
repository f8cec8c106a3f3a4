using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Ops;

public sealed class TensorListTests
{
    /// <summary>Running sums of the rows of x, in a list that does not say what its elements look like; any number of columns.</summary>
    private const string RunningSums = """
        x: float[-1,3]
        by_row := [1 0]
        rows = Transpose x by_row
        shape := -1
        count := 3
        zero := 0
        list = TensorListFromTensor rows shape {element_dtype=float}
        sums = TensorListReserve shape count {element_dtype=float}
        first := 0.0
        size = Shape x
        begin := [0]
        end := [1]
        batch = StridedSlice size begin end end
        start = Fill batch first
        loop = While zero sums start list {cond=@below body=@next}
        stacked = TensorListStack loop:1 shape
        y = Transpose stacked by_row
        function below(i, to, sum, from) -> r=less:z:0
        three := 3
        less = Less i three:output:0
        function next(i, to, sum, from) -> a=add:z:0, b=put:output_handle:0, c=total:z:0, d=from
        one := 1
        open := -1
        add = AddV2 i one:output:0
        item = TensorListGetItem from i open:output:0 {element_dtype=float}
        total = AddV2 sum item:item:0
        put = TensorListSetItem to i total:z:0 {element_dtype=float}
        """;

    [Fact]
    public void A_list_without_an_element_shape_takes_that_of_what_is_put_in()
    {
        using var run = new TextRun(RunningSums, "y");
        Assert.Equal("1 3 6", run.Run(new[,] { { 1f, 2f, 3f } }));
        Assert.Equal("1 3 6 5 5 4", run.Run(new[,] { { 1f, 2f, 3f }, { 5f, 0f, -1f } }));
        Assert.Equal("[batch,3]", run.Module.Graphs[0].Outputs[0].Shape.ToString());
        Assert.Contains(run.Module.Nodes, node => node.Code == BuiltinOperator.DynamicUpdateSlice);
    }

    [Fact]
    public void A_list_may_grow()
    {
        using var run = new TextRun("""
            x: float[2]
            shape := [2]
            none := 0
            list = EmptyTensorList shape none {element_dtype=float}
            zero := 0
            loop = While zero list x {cond=@below body=@next}
            y = TensorListStack loop:1 shape
            n = TensorListLength loop:1
            function below(i, to, v) -> r=less:z:0
            three := 3
            less = Less i three:output:0
            function next(i, to, v) -> a=add:z:0, b=put:output_handle:0, c=twice:z:0
            one := 1
            add = AddV2 i one:output:0
            twice = AddV2 v v
            put = TensorListPushBack to v {element_dtype=float}
            """, "y", "n");
        Assert.Equal("1 2 2 4 4 8; 3", run.Run(new[] { 1f, 2f }));
    }

    [Fact]
    public void A_write_behind_the_end_makes_a_list_longer_where_it_may_be()
    {
        using var run = new TextRun("""
            i: int[]
            x: float[2]
            shape := [2]
            one := 1
            list = TensorListReserve shape one {element_dtype=float}
            put = TensorListSetItem list i x {element_dtype=float resize_if_index_out_of_bounds=true}
            y = TensorListStack put shape
            """, "y");
        Assert.Equal("1 2", run.Run(new[] { 0 }, new[] { 1f, 2f }));
        Assert.Equal("0 0 0 0 1 2", run.Run(new[] { 2 }, new[] { 1f, 2f }));
    }

    [Fact]
    public void Parts_of_lists()
    {
        using var run = new TextRun("""
            x: float[3,2]
            shape := [2]
            places := [2 0]
            list = TensorListFromTensor x shape {element_dtype=float}
            gathered = TensorListGather list places shape {element_dtype=float}
            popped = TensorListPopBack list shape {element_dtype=float}
            shorter = TensorListStack popped shape
            two := [2 2]
            pieces = TensorListSplit flat shape two {element_dtype=float}
            four := [4]
            head = StridedSlice x zero2 two2 one2
            zero2 := [0 0]
            two2 := [2 2]
            one2 := [1 1]
            flat = Reshape head four
            split = TensorListStack pieces shape
            joined = TensorListConcatV2 list shape places {element_dtype=float}
            scattered = TensorListScatter head places shape {element_dtype=float}
            spread = TensorListStack scattered shape
            """, "gathered", "popped:1", "shorter", "split", "joined", "spread");
        Assert.Equal("5 6 1 2; 5 6; 1 2 3 4; 1 2 3 4; 1 2 3 4 5 6; 3 4 0 0 1 2", run.Run(new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } }));
    }

    [Fact]
    public void A_list_that_is_read_before_anything_is_in_it_is_refused()
    {
        var exception = Assert.Throws<ConversionException>(() => TextRun.Convert("""
            i: int[]
            shape := -1
            one := 1
            list = TensorListReserve shape one {element_dtype=float}
            y = TensorListGetItem list i shape {element_dtype=float}
            """, "y"));
        Assert.Contains("'y'", exception.Message);
        Assert.Contains("element_shape", exception.Message);
    }
}
