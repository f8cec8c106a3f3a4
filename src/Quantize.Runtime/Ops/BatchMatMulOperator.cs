using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// BATCH_MATMUL: [..., rows, depth] times [..., depth, columns], either transposed on demand, leading dimensions broadcast. A constant right operand is packed
/// once; a computed one at each run.
/// </summary>
internal static class BatchMatMulOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.BatchMatmul, Infer, Prepare) { MultiplyAdds = ProductCount.OfDepth };

    private static void Infer(ShapeContext context)
    {
        var options = context.OptionsAs<BatchMatMulOptions>();
        Shape a = context.Shape(0), b = context.Shape(1);
        if (!a.HasRank || !b.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        if (a.Rank < 2 || b.Rank < 2)
            throw context.Fail($"multiplies {a} with {b}; both must be matrices");
        Dimension depthA = a[options.AdjX ? ^2 : ^1], depthB = b[options.AdjY ? ^1 : ^2];
        if (depthA.IsKnown && depthB.IsKnown && depthA != depthB)
            throw context.Fail($"multiplies {a} with {b}: {depthA} columns meet {depthB} rows");
        Shape batch = ShapeRules.Broadcast(context, Shape.Of([.. a.Dimensions.SkipLast(2)]), Shape.Of([.. b.Dimensions.SkipLast(2)]));
        context.Output(0, context.Type(0) == TensorType.Float32 ? TensorType.Float32 : context.DeclaredType(0), Shape.Of([.. batch.Dimensions, a[options.AdjX ? ^1 : ^2], b[options.AdjY ? ^2 : ^1]]));
    }

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot a = context.Input(0), b = context.Input(1);
        if (a.Type != TensorType.Float32)
            return PrepareInteger(context, context.OptionsAs<BatchMatMulOptions>());
        if (!FloatWeights.AreSupported(b))
            throw context.Fail($"multiplies {a.Type} with {b.Type}, for which there is no kernel");
        return b.Type != TensorType.Float32 && context.FollowsGoogle
            ? new HybridMatMulStep(context, context.OptionsAs<BatchMatMulOptions>())
            : new FloatStep(context, context.OptionsAs<BatchMatMulOptions>());
    }

    private static Step PrepareInteger(PrepareContext context, BatchMatMulOptions options) => (context.Input(0).Type, context.Input(1).Type, context.Output(0).Type) switch
    {
        (TensorType.Int8, TensorType.Int8, TensorType.Int8) => new ExactMatMulStep<sbyte, sbyte>(context, options),
        (TensorType.Int8, TensorType.Int8, TensorType.Int32) => new ExactMatMulStep<sbyte, int>(context, options),
        (TensorType.UInt8, TensorType.UInt8, TensorType.UInt8) => new ExactMatMulStep<byte, byte>(context, options),
        (TensorType.Int16, TensorType.Int16, TensorType.Int16) => new WideMatMulStep<short>(context, options),
        (TensorType.Int16, TensorType.Int8, TensorType.Int16) => new WideMatMulStep<sbyte>(context, options),
        (TensorType a, TensorType b, TensorType c) => throw context.Fail($"multiplies {a} with {b} to {c}, for which there is no kernel"),
    };

    private sealed class FloatStep : Step
    {
        private readonly TensorSlot _a;
        private readonly TensorSlot _b;
        private readonly TensorSlot _output;
        private readonly TensorSlot? _transposed;
        private readonly BatchMatMulOptions _options;
        private readonly GemmGeometry _product;
        private readonly FloatGemm _gemm;
        private readonly StridedWalk _walk;
        private readonly int _columns;
        private readonly int _batches;
        private readonly Lazy<PackedFloatWeights[]>? _constant;
        private readonly TensorSlot? _panels;
        private readonly string _kernel;

        public FloatStep(PrepareContext context, BatchMatMulOptions options)
        {
            _a = context.Input(0);
            _b = context.Input(1);
            _output = context.Output(0);
            _options = options;
            _gemm = context.Kernels.FloatGemm;
            int rows = _output.Shape[^2], depth = _a.Shape[options.AdjX ? ^2 : ^1];
            _columns = _output.Shape[^1];
            _product = GemmGeometry.Dense(rows, depth, depth);
            int[] batch = _output.Shape[..^2];
            _batches = batch.Aggregate(1, (all, dimension) => all * dimension);
            _walk = StridedWalk.Broadcast(batch, _a.Shape[..^2], _b.Shape[..^2]);
            _transposed = options.AdjX ? context.Scratch(checked(rows * depth * sizeof(float))) : null;
            if (_b.IsKnown || _b.Type != TensorType.Float32)
                _constant = context.Packed(_b, $"{context.Kernels.Name} matmul {options.AdjY}", () => PackAll(FloatWeights.Expand(context, _b).Value));
            else
                _panels = context.Scratch(PackedFloatWeights.PanelBytes(_columns, depth, _gemm.PanelWidth));
            _kernel = $"{context.Kernels.Name} matmul float{(_b.Type == TensorType.Int8 ? ", weights expanded" : "")}";
        }

        public override string Kernel => _kernel;

        public override void Run(in RunContext context)
        {
            if (_output.ElementCount == 0)
                return;
            ReadOnlySpan<float> a = context.Read<float>(_a);
            Span<float> output = context.Write<float>(_output);
            int lengthA = _product.Rows * _product.Depth, lengthB = _product.Depth * _columns, length = _product.Rows * _columns;
            Span<int> at = stackalloc int[StridedWalk.MaximumOperands], index = stackalloc int[StridedWalk.MaximumRank];
            _walk.Start(at, index);
            for (int i = 0; i < _batches; i++, _walk.Next(at, index))
            {
                ReadOnlySpan<float> left = a.Slice(at[0] * lengthA, lengthA);
                if (_transposed is not null)
                {
                    Span<float> place = context.Write<float>(_transposed);
                    Transpose(left, _product.Depth, _product.Rows, place);
                    left = place;
                }

                Span<float> result = output.Slice(i * length, length);
                if (_constant is not null)
                    _gemm.Run(left, _product, _constant.Value[at[1]], result, _columns, float.NegativeInfinity, float.PositiveInfinity);
                else
                    _gemm.RunUnpacked(left, _product, context.Read<float>(_b).Slice(at[1] * lengthB, lengthB), _options.AdjY, context.Write<float>(_panels!), _columns, result);
            }
        }

        private PackedFloatWeights[] PackAll(float[] matrices)
        {
            int length = _product.Depth * _columns;
            var packed = new PackedFloatWeights[length == 0 ? 0 : matrices.Length / length];
            for (int i = 0; i < packed.Length; i++)
            {
                float[] rows = matrices[(i * length)..((i + 1) * length)];
                if (!_options.AdjY)
                {
                    var columns = new float[length];
                    Transpose(rows, _product.Depth, _columns, columns);
                    rows = columns;
                }

                packed[i] = _gemm.Pack(rows, [], _columns, _product.Depth);
            }

            return packed;
        }

        private static void Transpose(ReadOnlySpan<float> source, int rows, int columns, Span<float> target)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                    target[j * rows + i] = source[i * columns + j];
            }
        }
    }
}
