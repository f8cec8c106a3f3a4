using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>BUCKETIZE: how many of the ascending boundaries are not above an element.</summary>
internal static class BucketizeOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Bucketize, context => context.Output(0, TensorType.Int32, context.Shape(0)), Prepare);

    private static Step Prepare(PrepareContext context)
    {
        float[] boundaries = context.OptionsAs<BucketizeOptions>().Boundaries;
        for (int i = 1; i < boundaries.Length; i++)
        {
            if (!(boundaries[i - 1] <= boundaries[i]))
                throw context.Fail($"has boundaries that do not ascend: {boundaries[i - 1]}, {boundaries[i]}");
        }

        context.Output(0).IsNonNegative = true;
        return context.Input(0).Type switch
        {
            TensorType.Float32 => new CountStep<float>(context, boundaries),
            TensorType.Float64 => new CountStep<double>(context, boundaries),
            TensorType.Int32 => new CountStep<int>(context, boundaries),
            TensorType.Int64 => new CountStep<long>(context, boundaries),
            _ => throw context.Fail($"has {context.Input(0)} as input, for which there is no kernel"),
        };
    }

    private sealed class CountStep<T>(PrepareContext prepare, float[] boundaries) : Step
        where T : unmanaged, INumber<T>
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _output = prepare.Output(0);

        public override string Kernel => $"bucketize {_input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(_input);
            Span<int> target = context.Write<int>(_output);
            for (int i = 0; i < source.Length; i++)
                target[i] = Count(double.CreateTruncating(source[i]));
        }

        /// <summary>NaN is below no boundary: it counts them all.</summary>
        private int Count(double value)
        {
            int from = 0, to = boundaries.Length;
            while (from < to)
            {
                int middle = (from + to) / 2;
                if (value < boundaries[middle])
                    to = middle;
                else
                    from = middle + 1;
            }

            return from;
        }
    }
}
