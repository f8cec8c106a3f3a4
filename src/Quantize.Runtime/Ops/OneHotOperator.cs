using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>ONE_HOT: a new axis of constant depth, with the on value where an index points and the off value elsewhere.</summary>
internal static class OneHotOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.OneHot, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape indices = context.Shape(0);
        if (!indices.HasRank || context.Values(1) is not [Dimension depth])
        {
            context.Output(0, context.Type(2), Shape.Unknown);
            return;
        }

        List<Dimension> dimensions = [.. indices.Dimensions];
        dimensions.Insert(context.Axis(context.OptionsAs<OneHotOptions>().Axis, indices.Rank + 1), depth);
        context.Output(0, context.Type(2), Shape.Of([.. dimensions]));
    }

    private static Step Prepare(PrepareContext context)
    {
        int rank = context.Output(0).Shape.Length, axis = context.OptionsAs<OneHotOptions>().Axis;
        var geometry = AxisGeometry.Of(context.Output(0).Shape, axis < 0 ? axis + rank : axis);
        return context.ElementBytes(context.Output(0)) switch
        {
            1 => new OneHotStep<byte>(context, geometry),
            2 => new OneHotStep<short>(context, geometry),
            4 => new OneHotStep<int>(context, geometry),
            _ => new OneHotStep<long>(context, geometry),
        };
    }

    private sealed class OneHotStep<T>(PrepareContext prepare, AxisGeometry geometry) : Step
        where T : unmanaged
    {
        private readonly TensorSlot _indices = prepare.Input(0);
        private readonly TensorSlot _on = prepare.Input(2);
        private readonly TensorSlot _off = prepare.Input(3);
        private readonly TensorSlot _output = prepare.Output(0);

        public override string Kernel => "one hot";

        public override void Run(in RunContext context)
        {
            Span<T> target = context.Write<T>(_output);
            target.Fill(context.Read<T>(_off)[0]);
            T on = context.Read<T>(_on)[0];
            for (int outer = 0, at = 0; outer < geometry.Outer; outer++)
            {
                for (int inner = 0; inner < geometry.Inner; inner++, at++)
                {
                    long index = Index(context, at);
                    if ((ulong)index < (ulong)geometry.Length)
                        target[(outer * geometry.Length + (int)index) * geometry.Inner + inner] = on;
                }
            }
        }

        private long Index(in RunContext context, int at) => _indices.Type switch
        {
            TensorType.Int64 => context.Read<long>(_indices)[at],
            TensorType.UInt8 => context.Read<byte>(_indices)[at],
            TensorType.Int8 => context.Read<sbyte>(_indices)[at],
            _ => context.Read<int>(_indices)[at],
        };
    }
}
