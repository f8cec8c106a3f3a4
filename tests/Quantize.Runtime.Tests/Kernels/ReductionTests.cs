using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class ReductionTests
{
    private static readonly Dictionary<Fold, Func<double[], double>> Folds = new()
    {
        [Fold.Sum] = values => values.Sum(),
        [Fold.Mean] = values => values.Average(),
        [Fold.Product] = values => values.Aggregate(1.0, (a, b) => a * b),
        [Fold.Maximum] = values => values.Max(),
        [Fold.Minimum] = values => values.Min(),
    };

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void An_axis_of_any_length_is_folded(string row)
    {
        foreach ((Fold fold, Func<double[], double> exact) in Folds)
        {
            foreach (int inner in (int[])[1, 2, 8, 16, 19])
            {
                for (int length = 1; length <= 40; length++)
                {
                    var axis = new AxisGeometry(3, length, inner);
                    float[] source = Numbers.Floats(new Random(length), 3 * length * inner, 1.5f), target = new float[3 * inner];
                    KernelRows.Of(row).Reduction.Run(fold, source, axis, target);
                    for (int i = 0; i < target.Length; i++)
                    {
                        double[] line = [.. Enumerable.Range(0, length).Select(k => (double)source[(i / inner * length + k) * inner + i % inner])];
                        Assert.Equal(exact(line), target[i], 1e-5 * Math.Max(1, Math.Abs(exact(line))));
                    }
                }
            }
        }
    }
}
