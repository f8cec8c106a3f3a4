using System.Numerics;
using System.Runtime.CompilerServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// RFFT2D: the Fourier transform of real matrices [..., rows, columns], cut or filled up with zeros to the wanted size [2]: powers of two. Of each row that of the first half is
/// kept, which tells the rest: [..., rows, columns / 2 + 1].
/// </summary>
internal static class Rfft2DOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Rfft2D, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0);
        if (!input.HasRank || context.KnownValues(1) is not { } size)
        {
            context.Output(0, TensorType.Complex64,
                input.HasRank && input.Rank >= 2 ? input.With(input.Rank - 2, context.Open("rows")).With(input.Rank - 1, context.Open("columns")) : Shape.Unknown);
            return;
        }

        if (input.Rank < 2 || size is not [> 0, > 0] || !BitOperations.IsPow2(size[0]) || !BitOperations.IsPow2(size[1]))
            throw context.Fail($"transforms {input} in the size [{string.Join(',', size)}], but it wants two dimensions and powers of two");
        context.Output(0, TensorType.Complex64, input.With(input.Rank - 2, size[0]).With(input.Rank - 1, size[1] / 2 + 1));
    }

    private static TransformStep Prepare(PrepareContext context)
    {
        long[] size = context.Integers(context.Input(1));
        return context.Input(0).Type == TensorType.Float32
            ? new TransformStep(context, (int)size[0], (int)size[1])
            : throw context.Fail($"transforms {context.Input(0)}, for which there is no kernel");
    }

    private sealed class TransformStep(PrepareContext prepare, int rows, int columns) : Step
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly FourierTransform _ofRows = new(columns);
        private readonly FourierTransform _ofColumns = new(rows);
        private readonly TensorSlot _line = prepare.Scratch(checked(Math.Max(rows, columns) * Unsafe.SizeOf<Complex>()));
        private readonly TensorSlot _half = prepare.Scratch(checked(rows * (columns / 2 + 1) * Unsafe.SizeOf<Complex>()));

        public override string Kernel => $"real Fourier transform {rows}x{columns}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(_input);
            Span<float> target = context.Write<float>(_output);
            Span<Complex> line = context.Write<Complex>(_line), half = context.Write<Complex>(_half);
            int height = _input.Shape[^2], width = _input.Shape[^1];
            int count = target.Length / (2 * half.Length);
            for (int i = 0; i < count; i++)
            {
                TransformRows(source.Slice(i * height * width, height * width), height, width, line[..columns], half);
                TransformColumns(line[..rows], half, target.Slice(i * 2 * half.Length, 2 * half.Length));
            }
        }

        private void TransformRows(ReadOnlySpan<float> matrix, int height, int width, Span<Complex> line, Span<Complex> half)
        {
            int kept = columns / 2 + 1;
            half.Clear();
            for (int y = 0; y < Math.Min(height, rows); y++)
            {
                line.Clear();
                for (int x = 0; x < Math.Min(width, columns); x++)
                    line[x] = matrix[y * width + x];
                _ofRows.Run(line);
                line[..kept].CopyTo(half[(y * kept)..]);
            }
        }

        private void TransformColumns(Span<Complex> line, ReadOnlySpan<Complex> half, Span<float> target)
        {
            int kept = columns / 2 + 1;
            for (int x = 0; x < kept; x++)
            {
                for (int y = 0; y < rows; y++)
                    line[y] = half[y * kept + x];
                _ofColumns.Run(line);
                for (int y = 0; y < rows; y++)
                {
                    target[2 * (y * kept + x)] = (float)line[y].Real;
                    target[2 * (y * kept + x) + 1] = (float)line[y].Imaginary;
                }
            }
        }
    }
}
