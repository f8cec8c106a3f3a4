using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// The basic kernel of LSTM: one step whose state the graph passes along. Inputs: values, last output, weights [4 * units, depth + units] and bias of the gates input, candidate, forget,
/// output, last cell. Outputs: output, cell, and the two operands in between.
/// </summary>
internal static class BasicLstmOperator
{
    public const int Gates = 4;
    private const int Values = 0, LastOutput = 1, Weights = 2, Bias = 3, LastCell = 4;
    private const int Output = 0, Cell = 1, Joined = 2, Sums = 3;

    public static void Infer(ShapeContext context)
    {
        Shape values = context.Shape(Values, rank: 2), last = context.Shape(LastOutput, rank: 2);
        Dimension units = RecurrentShapes.Weights(context, Weights, 0), depth = RecurrentShapes.Weights(context, Weights, 1);
        if (!values.HasRank || !last.HasRank)
            throw context.Fail("has operands of unknown shapes");
        context.Output(Output, context.Type(LastOutput), last);
        context.Output(Cell, context.Type(LastCell), last);
        context.Output(Joined, context.Type(Values), Shape.Of(values[0], depth));
        context.Output(Sums, context.Type(LastCell), Shape.Of(values[0], units));
    }

    public static Step Prepare(PrepareContext context)
    {
        TensorSlot values = context.Input(Values), last = context.Input(LastOutput), cell = context.Input(LastCell);
        int batch = values.Shape[0], units = last.Shape[1];
        if (last.Shape[0] != batch || cell.ElementCount != last.ElementCount || !context.Input(Weights).Shape.AsSpan().SequenceEqual([checked(Gates * units), values.Shape[1] + units]))
            throw context.Fail($"has operands that do not fit each other: {values}, {last}, {context.Input(Weights)}, {cell}");
        return values.Type == TensorType.Float32 ? new FloatStep(context, batch, units) : new IntegerBasicLstmStep(context, batch, units);
    }

    /// <summary>Rows of two matrices side by side.</summary>
    public static void Join<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int rows, Span<T> joined)
    {
        int leftLength = left.Length / Math.Max(1, rows), rightLength = right.Length / Math.Max(1, rows), length = leftLength + rightLength;
        for (int row = 0; row < rows; row++)
        {
            left.Slice(row * leftLength, leftLength).CopyTo(joined[(row * length)..]);
            right.Slice(row * rightLength, rightLength).CopyTo(joined[(row * length + leftLength)..]);
        }
    }

    private sealed class FloatStep : Step
    {
        private readonly LstmCell _kernel;
        private readonly RecurrentProduct _product;
        private readonly ProductRows _rows;
        private readonly TensorSlot[] _inputs;
        private readonly TensorSlot[] _outputs;
        private readonly int _units;

        public FloatStep(PrepareContext context, int batch, int units)
        {
            int depth = context.Input(Weights).Shape[1];
            _kernel = context.Kernels.LstmCell;
            _inputs = [context.Input(Values), context.Input(LastOutput), context.Input(LastCell)];
            _outputs = [context.Output(Output), context.Output(Cell), context.Output(Joined), context.Output(Sums)];
            if (Array.Exists(_inputs, input => input.Type != TensorType.Float32))
                throw context.Fail("has operands of different types");
            _units = units;
            _rows = ProductRows.Dense(batch, depth);
            _product = RecurrentProduct.Prepare(context, new GateWeights(context, [context.Input(Weights)], [context.Input(Bias)], Gates * units, depth), _outputs[Joined], batch, asymmetric: false);
            Kernel = $"{context.Kernels.Name} basic LSTM {_product.Arithmetic}";
        }

        public override string Kernel { get; }

        public override void Run(in RunContext context)
        {
            Span<float> output = context.Write<float>(_outputs[Output]), cell = context.Write<float>(_outputs[Cell]);
            Span<float> joined = context.Write<float>(_outputs[Joined]), sums = context.Write<float>(_outputs[Sums]);
            Join(context.Read<float>(_inputs[0]), context.Read<float>(_inputs[1]), _rows.Values.Rows, joined);
            context.Read<float>(_inputs[2]).CopyTo(cell);
            _product.Run(context, joined, _rows, sums);
            for (int at = 0; at < cell.Length; at += _units)
                Advance(sums.Slice(at * Gates, _units * Gates), cell.Slice(at, _units), output.Slice(at, _units));
        }

        private void Advance(ReadOnlySpan<float> sums, Span<float> cell, Span<float> output)
        {
            ReadOnlySpan<float> input = sums[.._units], candidate = sums.Slice(_units, _units), forget = sums.Slice(2 * _units, _units);
            _kernel.Update(input, forget, candidate, CellActivation.Tanh, float.PositiveInfinity, cell);
            _kernel.Output(sums[(3 * _units)..], cell, CellActivation.Tanh, output);
        }
    }
}
