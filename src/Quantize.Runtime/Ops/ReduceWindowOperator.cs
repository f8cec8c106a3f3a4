using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// REDUCE_WINDOW: windows that slide over all dimensions, folded from a first value on; none reaches outside. Inputs: values, the first value, window, strides and dilations
/// [rank].
/// </summary>
internal static class ReduceWindowOperator
{
    private const int First = 1, Window = 2, Strides = 3, Dilations = 4;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.ReduceWindow, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(Window) is not { } window || context.KnownValues(Strides) is not { } strides
            || context.KnownValues(Dilations) is not { } dilations)
        {
            context.Output(0, context.Type(0), input.HasRank ? Shape.Of([.. input.Dimensions.Select((_, i) => context.Open($"windows{i}."))]) : Shape.Unknown);
            return;
        }

        if (window.Length != input.Rank || strides.Length != input.Rank || dilations.Length != input.Rank || window.Concat(strides).Concat(dilations).Any(length => length < 1))
            throw context.Fail($"slides a window [{string.Join(',', window)}] by [{string.Join(',', strides)}], dilated by [{string.Join(',', dilations)}], over {input}");
        context.Output(0, context.Type(0), Shape.Of([.. input.Dimensions.Select((dimension, d) => Windows(context, dimension, window[d], strides[d], dilations[d]))]));
    }

    private static Dimension Windows(ShapeContext context, Dimension dimension, int window, int stride, int dilation)
    {
        if (!dimension.IsKnown)
            return context.Open("windows");
        long reach = (window - 1L) * dilation + 1;
        return reach > dimension.Value ? 0 : (int)((dimension.Value - reach) / stride) + 1;
    }

    private static Step Prepare(PrepareContext context) => context.Input(0).Type switch
    {
        TensorType.Bool => new FoldStep<byte>(context, Function<byte>(context)),
        TensorType.Float32 => new FoldStep<float>(context, Function<float>(context)),
        TensorType.Float64 => new FoldStep<double>(context, Function<double>(context)),
        TensorType.Int8 => new FoldStep<sbyte>(context, Function<sbyte>(context)),
        TensorType.UInt8 => new FoldStep<byte>(context, Function<byte>(context)),
        TensorType.Int16 => new FoldStep<short>(context, Function<short>(context)),
        TensorType.Int32 => new FoldStep<int>(context, Function<int>(context)),
        TensorType.Int64 => new FoldStep<long>(context, Function<long>(context)),
        TensorType type => throw context.Fail($"folds windows of {type}, for which there is no kernel"),
    };

    private static Func<T, T, T> Function<T>(PrepareContext context)
        where T : INumber<T>
    {
        var function = (ReduceWindowFunction)context.OptionsAs<ReduceWindowOptions>().ReduceFunction;
        bool isTruth = context.Input(0).Type == TensorType.Bool;
        return function switch
        {
            ReduceWindowFunction.Add when !isTruth => (a, b) => unchecked(a + b),
            ReduceWindowFunction.Mul when !isTruth => (a, b) => unchecked(a * b),
            ReduceWindowFunction.Minimum when !isTruth => T.Min,
            ReduceWindowFunction.Maximum when !isTruth => T.Max,
            ReduceWindowFunction.All when isTruth => T.Min,
            ReduceWindowFunction.Any when isTruth => T.Max,
            _ => throw context.Fail($"folds {context.Input(0).Type} by {function}, for which there is no kernel"),
        };
    }

    private sealed class FoldStep<T> : Step
        where T : unmanaged
    {
        private readonly TensorSlot _input;
        private readonly TensorSlot _first;
        private readonly TensorSlot _output;
        private readonly Func<T, T, T> _fold;
        private readonly int[] _steps;
        private readonly int[] _offsets;

        public FoldStep(PrepareContext context, Func<T, T, T> fold)
        {
            (_input, _first, _output, _fold) = (context.Input(0), context.Input(First), context.Output(0), fold);
            if (_first.Type != _input.Type || _first.ElementCount != 1)
                throw context.Fail($"folds {_input} from {_first} on");
            long[] window = context.Integers(context.Input(Window)), strides = context.Integers(context.Input(Strides)), dilations = context.Integers(context.Input(Dilations));
            int[] inner = [.. _input.Shape.Select((_, d) => AxisGeometry.Of(_input.Shape, d).Inner)];
            _steps = [.. inner.Select((length, d) => checked((int)(length * strides[d])))];
            _offsets = _output.ElementCount == 0 ? [] : Offsets(window, [.. inner.Select((length, d) => checked((int)(length * dilations[d])))]);
        }

        public override string Kernel => $"window fold {_input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(_input);
            Span<T> target = context.Write<T>(_output);
            T first = context.Read<T>(_first)[0];
            for (int i = 0; i < target.Length; i++)
            {
                T folded = first;
                int corner = Corner(i);
                foreach (int offset in _offsets)
                    folded = _fold(folded, source[corner + offset]);
                target[i] = folded;
            }
        }

        /// <summary>Where the elements of a window lie behind its first one, in row-major order.</summary>
        private static int[] Offsets(long[] window, int[] strides)
        {
            int[] offsets = [0];
            for (int d = 0; d < window.Length; d++)
                offsets = [.. offsets.SelectMany(offset => Enumerable.Range(0, (int)window[d]).Select(k => offset + k * strides[d]))];
            return offsets;
        }

        private int Corner(int element)
        {
            int corner = 0;
            for (int d = _steps.Length - 1; d >= 0; d--)
            {
                corner += element % _output.Shape[d] * _steps[d];
                element /= _output.Shape[d];
            }

            return corner;
        }
    }
}
