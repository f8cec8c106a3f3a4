namespace Quantize.Runtime.Tests.Kernels;

public sealed class SoftmaxTests
{
    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Rows_of_every_length_are_within_a_millionth(string row)
    {
        for (int length = 1; length <= 70; length++)
        {
            foreach (float beta in (float[])[1, 0.5f, 3])
            {
                float[] input = Numbers.Floats(new Random(length), 3 * length, 20), output = new float[input.Length];
                KernelRows.Of(row).Softmax.Run(input, length, beta, output);
                for (int r = 0; r < 3; r++)
                {
                    double[] exponentials = [.. input[(r * length)..((r + 1) * length)].Select(x => Math.Exp(beta * (double)x))];
                    for (int i = 0; i < length; i++)
                        Assert.Equal(exponentials[i] / exponentials.Sum(), output[r * length + i], 1e-6);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Great_values_do_not_overflow_and_NaN_spoils_its_row_only(string row)
    {
        float[] input = [1e30f, 1e30f, 1e30f, 1e30f, float.NaN, 0, 0, 0, float.NegativeInfinity, 0, 0, float.NegativeInfinity], output = new float[12];
        KernelRows.Of(row).Softmax.Run(input, 4, 1, output);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f, float.NaN, float.NaN, float.NaN, float.NaN, 0, 0.5f, 0.5f, 0], output);
    }
}
