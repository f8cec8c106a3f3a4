using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

/// <summary>The passes over an LSTM's gates against double precision.</summary>
public sealed class LstmCellTests
{
    private static readonly CellActivation s_relu6 = new(false, 0, 6), s_none = new(false, float.NegativeInfinity, float.PositiveInfinity);

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_cell_is_renewed_for_every_number_of_units(string row)
    {
        for (int units = 1; units <= 70; units++)
        {
            foreach (int gates in (int[])[3, 4])
            {
                var random = new Random(units);
                float[] sums = Numbers.Floats(random, gates * units, 6), more = Numbers.Floats(random, gates * units, 2), cell = Numbers.Floats(random, units, 3);
                foreach ((CellActivation activation, float clip) in ((CellActivation, float)[])[(CellActivation.Tanh, float.PositiveInfinity), (CellActivation.Tanh, 0.5f), (s_relu6, 2)])
                {
                    float[] renewed = [.. cell];
                    KernelRows.Of(row).LstmCell.Update(sums, more, activation, clip, renewed);
                    for (int i = 0; i < units; i++)
                        Assert.Equal(Renewed(sums, more, cell[i], units, i, activation, clip), renewed[i], 2e-6);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void The_output_is_the_last_gate_times_the_function_of_the_cell(string row)
    {
        for (int units = 1; units <= 70; units++)
        {
            var random = new Random(units);
            float[] sums = Numbers.Floats(random, 4 * units, 6), more = Numbers.Floats(random, 4 * units, 2), cell = Numbers.Floats(random, units, 3), hidden = new float[units];
            foreach (CellActivation activation in (CellActivation[])[CellActivation.Tanh, s_relu6])
            {
                KernelRows.Of(row).LstmCell.Output(sums, more, cell, activation, hidden);
                for (int i = 0; i < units; i++)
                    Assert.Equal(Logistic((double)sums[3 * units + i] + more[3 * units + i]) * Apply(activation, cell[i]), hidden[i], 2e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Gate_functions_stay_within_their_stated_bounds(string row)
    {
        float[] values = [.. Enumerable.Range(-8700, 17401).Select(i => i / 100f), .. Enumerable.Range(-3000, 6001).Select(i => i * 1e-4f), 1e-30f, -1e-30f];
        float[] gates = new float[4 * values.Length], zeros = new float[gates.Length], ones = [.. values.Select(_ => 1f)], open = [.. gates.Select(_ => 87f)], results = new float[values.Length];
        values.CopyTo(gates, 3 * values.Length);
        LstmCell kernel = KernelRows.Of(row).LstmCell;
        kernel.Output(gates, zeros, ones, s_none, results);
        double logistic = values.Zip(results, (x, y) => Numbers.UlpsApart(Logistic(x), y)).Max();
        kernel.Output(open, zeros, values, CellActivation.Tanh, results);
        double tanh = values.Zip(results, (x, y) => Numbers.UlpsApart(Math.Tanh(x), y)).Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"{row}: logistic {logistic:F2} ulp, tanh {tanh:F2} ulp");
        Assert.InRange(logistic, 0, 3);
        Assert.InRange(tanh, 0, 4);
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void Great_sums_saturate_and_NaN_stays(string row)
    {
        float[] gates = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1e30f, float.NegativeInfinity, float.NaN], zeros = new float[12], hidden = new float[3];
        KernelRows.Of(row).LstmCell.Output(gates, zeros, [1e30f, 1, 1], CellActivation.Tanh, hidden);
        Assert.Equal(1, hidden[0]);
        Assert.InRange(hidden[1], 0, 1e-37f);
        Assert.Equal(float.NaN, hidden[2]);
        float[] cell = [1, 1, float.NaN];
        KernelRows.Of(row).LstmCell.Update([.. zeros[..9], 0, float.NaN, 0], zeros, CellActivation.Tanh, float.PositiveInfinity, cell);
        Assert.Equal([0.5f, 0.5f, float.NaN], cell);
    }

    [Fact]
    public void Operands_of_other_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelRows.Of("scalar").LstmCell.Update(new float[7], new float[7], CellActivation.Tanh, 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelRows.Of("scalar").LstmCell.Update(new float[8], new float[6], CellActivation.Tanh, 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelRows.Of("scalar").LstmCell.Output(new float[8], new float[8], new float[2], CellActivation.Tanh, new float[1]));
    }

    private static double Renewed(float[] sums, float[] more, float cell, int units, int unit, CellActivation activation, float clip)
    {
        double Sum(int gate) => (double)sums[gate * units + unit] + more[gate * units + unit];
        int first = sums.Length / units - 4; // -1 where the input gate is coupled
        double forget = Logistic(Sum(first + 1)), input = first < 0 ? 1 - forget : Logistic(Sum(0));
        return Math.Clamp(forget * cell + input * Apply(activation, Sum(first + 2)), -clip, clip);
    }

    private static double Apply(CellActivation activation, double x) => activation.IsTanh ? Math.Tanh(x) : Math.Clamp(x, activation.Minimum, activation.Maximum);

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
