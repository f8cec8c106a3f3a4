using System.CommandLine;
using System.Globalization;
using Quantize.Runtime.Kernels;
using Spectre.Console;

namespace Quantize.Benchmarks.Peak;

/// <summary>What the core does at most, instruction by instruction, and what the matrix products of each row reach.</summary>
internal static class PeakCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Blocks of 50 ms for each form", DefaultValueFactory = _ => 5 };
        var output = new Option<FileInfo?>("--output") { Description = "A .md or .json file for the tables" };
        var command = new Command("peak", "Measures the peak of the core for each kind of product, and the kernels beside it") { rounds, output };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(output)));
        return command;
    }

    private static int Run(int rounds, FileInfo? output)
    {
        foreach ((string name, string value) in Machine.Facts)
            AnsiConsole.MarkupLineInterpolated($"[grey]{name}:[/] {value}");
        Report[] reports = [Instructions(rounds), Products(rounds)];
        foreach (Report report in reports)
            report.Print();
        if (output is not null)
            Report.Save(output, reports);
        return 0;
    }

    private static Report Instructions(int rounds)
    {
        PeakForm[] forms = [.. PeakForm.All.Where(form => form.IsSupported)];
        double[] products = new double[forms.Length];
        double[][] times = InterleavedTimer.Measure([.. forms.Select<PeakForm, Action>((form, i) => () => products[i] = form.Run())], rounds);
        var report = new Report("Peak of the core: twelve chains, operands in the first cache", "row", "products", "G multiply-adds/s");
        for (int i = 0; i < forms.Length; i++)
            report.Add(forms[i].Isa, forms[i].Instruction, Rate(products[i], times[i]));
        return report;
    }

    private static Report Products(int rounds)
    {
        KernelProduct[] products = [.. KernelSets.Supported.SelectMany(KernelProduct.Of)];
        double[][] times = InterleavedTimer.Measure([.. products.Select(product => product.Run)], rounds);
        var report = new Report($"Matrix products: [{KernelProduct.Rows} x {KernelProduct.Depth}] * [{KernelProduct.Depth} x {KernelProduct.Outputs}]", "row", "form", "G multiply-adds/s");
        for (int i = 0; i < products.Length; i++)
            report.Add(products[i].Isa, products[i].Form, Rate((double)KernelProduct.Rows * KernelProduct.Depth * KernelProduct.Outputs, times[i]));
        return report;
    }

    /// <summary>Products by the shortest time: a peak is what is reached when nothing disturbs.</summary>
    private static string Rate(double products, double[] nanoseconds) => (products / nanoseconds.Min()).ToString("F1", CultureInfo.InvariantCulture);
}
