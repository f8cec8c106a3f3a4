using System.Globalization;
using Quantize.Runtime.Kernels;

namespace Quantize.Probe;

/// <summary>What a platform computes, as lines of tab-separated words: rows that it has, exact integers, outputs of models, milliseconds.</summary>
internal static class ProbeReport
{
    public static void Write(TextWriter to, bool speed)
    {
        Line(to, "instructions", InstructionSets.Supported);
        Line(to, "generated", GeneratedCalls.Results());
        foreach (KernelSet row in KernelSets.Supported)
        {
            Line(to, "row", row.Name);
            foreach (Product product in Product.All)
            {
                Line(to, "integers", row.Name, product.Name, product.Hash(row));
                if (speed)
                    Line(to, "milliseconds", row.Name, product.Name, Number(product.Milliseconds(row)));
            }

            foreach (string model in Models.Names)
            {
                Line(to, "outputs", row.Name, model, string.Join(' ', Models.Outputs(model, row.Name).Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
                if (speed)
                    Line(to, "milliseconds", row.Name, model, Number(Models.Milliseconds(model, row.Name)));
            }
        }

        Line(to, "end");
    }

    private static string Number(double milliseconds) => milliseconds.ToString("F3", CultureInfo.InvariantCulture);

    private static void Line(TextWriter to, params string[] words)
    {
        to.WriteLine(string.Join('\t', words));
        to.Flush();
    }
}
