using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>DILATE: so many places from one element of each dimension to the next, with a value between them. Dilations [rank], the value a scalar.</summary>
internal static class DilateOperator
{
    private const int Dilations = 1, Between = 2;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Dilate, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(Dilations) is not { } dilations)
        {
            context.Output(0, context.Type(0), input.HasRank ? Shape.Of([.. input.Dimensions.Select((_, i) => context.Open($"dilated{i}."))]) : Shape.Unknown);
            return;
        }

        if (dilations.Length != input.Rank || Array.Exists(dilations, dilation => dilation < 1))
            throw context.Fail($"dilates {input} by [{string.Join(',', dilations)}]");
        context.Output(0, context.Type(0), Shape.Of([.. input.Dimensions.Select((dimension, d) => dimension == 0 ? dimension : (dimension + -1) * dilations[d] + 1)]));
    }

    private static SpreadStep Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), between = context.Input(Between);
        if (between.Type != input.Type || between.ElementCount != 1)
            throw context.Fail($"puts {between} between elements of {input}");
        return new SpreadStep(context, [.. context.Integers(context.Input(Dilations)).Select(dilation => (int)dilation)]);
    }

    private sealed class SpreadStep(PrepareContext prepare, int[] dilations) : Step
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _between = prepare.Input(Between);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly int _bytes = prepare.ElementBytes(prepare.Input(0));
        private readonly int[] _strides = [.. dilations.Select((dilation, d) => dilation * AxisGeometry.Of(prepare.Output(0).Shape, d).Inner)];

        public override string Kernel => $"dilate {_input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(_input), between = context.Read<byte>(_between);
            Span<byte> target = context.Write<byte>(_output);
            for (int at = 0; at < target.Length; at += _bytes)
                between.CopyTo(target[at..]);
            for (int i = 0; i < _input.ElementCount; i++)
                source.Slice(i * _bytes, _bytes).CopyTo(target[(Place(i) * _bytes)..]);
        }

        private int Place(int element)
        {
            int place = 0;
            for (int d = _strides.Length - 1; d >= 0; d--)
            {
                place += element % _input.Shape[d] * _strides[d];
                element /= _input.Shape[d];
            }

            return place;
        }
    }
}
