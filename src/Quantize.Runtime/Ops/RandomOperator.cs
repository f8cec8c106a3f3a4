using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// RANDOM_UNIFORM, RANDOM_STANDARD_NORMAL and MULTINOMIAL. The seeds of the file tell the whole sequence of a session, also where both are 0: runs go on in it, and
/// <see cref="Session.Reset"/> begins anew.
/// </summary>
internal static class RandomOperator
{
    public static OperatorDefinition Uniform { get; } = new(BuiltinOperator.RandomUniform, InferShaped, context => new UniformStep(context)) { IsStateful = true };

    public static OperatorDefinition StandardNormal { get; } = new(BuiltinOperator.RandomStandardNormal, InferShaped, context => new NormalStep(context)) { IsStateful = true };

    /// <summary>Draws classes from unnormalized log-probabilities [batch, classes].</summary>
    public static OperatorDefinition Multinomial { get; } = new(BuiltinOperator.Multinomial, InferMultinomial, context => new MultinomialStep(context)) { IsStateful = true };

    private static void InferShaped(ShapeContext context) =>
        context.Output(0, TensorType.Float32, context.Values(0) is { } dimensions ? Shape.Of(dimensions) : Shape.Unknown);

    private static void InferMultinomial(ShapeContext context)
    {
        Shape logits = context.Shape(0, rank: 2);
        Dimension samples = context.Values(1) is [Dimension asked] ? asked : Dimension.Symbol("samples");
        context.Output(0, context.DeclaredType(0), logits.HasRank ? Shape.Of(logits[0], samples) : Shape.Unknown);
    }

    /// <summary>Numbers for one output, block by block from where the last run ended.</summary>
    private abstract class RandomStep(PrepareContext prepare) : Step
    {
        private readonly Philox _philox = new(prepare.OptionsAs<RandomOptions>().Seed, prepare.OptionsAs<RandomOptions>().Seed2);

        protected TensorSlot Output { get; } = prepare.Output(0);

        public override void Run(in RunContext context)
        {
            int blocks = (Output.ElementCount + Philox.BlockLength - 1) / Philox.BlockLength;
            long first = context.Frame.State.Draw(Output.Name, blocks);
            Span<uint> numbers = stackalloc uint[Philox.BlockLength];
            for (int block = 0; block < blocks; block++)
            {
                _philox.Block(first + block, numbers);
                int at = block * Philox.BlockLength;
                Take(context, numbers, at, Math.Min(Philox.BlockLength, Output.ElementCount - at));
            }
        }

        /// <summary>Writes so many elements from that one on.</summary>
        protected abstract void Take(in RunContext context, ReadOnlySpan<uint> numbers, int at, int count);
    }

    private sealed class UniformStep(PrepareContext prepare) : RandomStep(prepare)
    {
        public override string Kernel => "random uniform";

        protected override void Take(in RunContext context, ReadOnlySpan<uint> numbers, int at, int count)
        {
            Span<float> target = context.Write<float>(Output);
            for (int i = 0; i < count; i++)
                target[at + i] = Philox.Unit(numbers[i]);
        }
    }

    private sealed class NormalStep(PrepareContext prepare) : RandomStep(prepare)
    {
        public override string Kernel => "random standard normal";

        protected override void Take(in RunContext context, ReadOnlySpan<uint> numbers, int at, int count)
        {
            Span<float> target = context.Write<float>(Output).Slice(at, count);
            for (int i = 0; i < count; i += 2)
            {
                (target[i], float second) = Philox.Normal(numbers[i], numbers[i + 1]);
                if (i + 1 < count)
                    target[i + 1] = second;
            }
        }
    }

    private sealed class MultinomialStep : RandomStep
    {
        private readonly TensorSlot _logits;

        public MultinomialStep(PrepareContext prepare)
            : base(prepare)
        {
            _logits = prepare.Input(0);
            if (_logits.Type != TensorType.Float32 || _logits.Shape[1] == 0 || Output.Type is not (TensorType.Int32 or TensorType.Int64))
                throw prepare.Fail($"draws {Output.Type} from {_logits}, for which there is no kernel");
        }

        public override string Kernel => "multinomial";

        protected override void Take(in RunContext context, ReadOnlySpan<uint> numbers, int at, int count)
        {
            int classes = _logits.Shape[1], samples = Output.Shape[1];
            for (int i = 0; i < count; i++)
            {
                int drawn = Draw(context.Read<float>(_logits).Slice((at + i) / samples * classes, classes), Philox.Unit(numbers[i]));
                if (Output.Type == TensorType.Int64)
                    context.Write<long>(Output)[at + i] = drawn;
                else
                    context.Write<int>(Output)[at + i] = drawn;
            }
        }

        private static int Draw(ReadOnlySpan<float> logits, float unit)
        {
            float greatest = float.NegativeInfinity;
            foreach (float logit in logits)
                greatest = MathF.Max(greatest, logit);
            double total = 0, sum = 0;
            foreach (float logit in logits)
                total += Math.Exp(logit - greatest);
            for (int c = 0; c < logits.Length - 1; c++)
            {
                sum += Math.Exp(logits[c] - greatest);
                if (unit * total < sum)
                    return c;
            }

            return logits.Length - 1;
        }
    }
}
