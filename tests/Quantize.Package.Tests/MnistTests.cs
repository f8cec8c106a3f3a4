using System.Globalization;
using Quantize.Tests;

namespace Quantize.Package.Tests;

/// <summary>The tutorial's model: 13 MB of variables.</summary>
public sealed class MnistTests(PackageFeed feed)
{
    /// <summary>The quickest of the rounds counts: this machine may do other things beside.</summary>
    private const int MostRounds = 5;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BuildOfBusyMachine = TimeSpan.FromSeconds(4);

    [Fact]
    public void A_design_time_build_needs_no_weights()
    {
        string model = Path.Combine(Repository.Root, "samples", "Mnist", "models", "mnist");
        var consumer = Consumer.Restored(feed, "MnistDesignTime");
        consumer.Write("models/mnist/saved_model.pb", File.ReadAllBytes(Path.Combine(model, "saved_model.pb")));
        consumer.SetItems("models/mnist");
        consumer.DesignTimeBuild().Succeeded();
        Assert.Equal(["MnistModel.signature"], consumer.StoredFiles());
        string error = consumer.Build().Error("QNT1002");
        Assert.Contains("variables", error, StringComparison.Ordinal);
        Assert.Equal(["MnistModel.signature"], consumer.StoredFiles());
    }

    [Fact]
    public void The_first_build_costs_less_than_two_seconds_more_than_one_without_a_model()
    {
        string model = Path.Combine(Repository.Root, "samples", "Mnist", "models", "mnist");
        var consumer = Consumer.Restored(feed, "MnistTime");
        foreach (string file in (string[])["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"])
            consumer.Write("models/mnist/" + file, File.ReadAllBytes(Path.Combine(model, file)));
        (TimeSpan without, TimeSpan with) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (int round = 0; round < MostRounds && (round < 2 || with - without > Limit); round++)
        {
            consumer.SetItems();
            without = Min(without, BuildFromNothing(consumer));
            consumer.SetItems("models/mnist");
            with = Min(with, BuildFromNothing(consumer));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"without {without.TotalSeconds:F2} s, with {with.TotalSeconds:F2} s"));
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
        Assert.SkipWhen(without > BuildOfBusyMachine, "this machine is too busy to time a build");
        Assert.InRange(with - without, TimeSpan.MinValue, Limit);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan BuildFromNothing(Consumer consumer)
    {
        foreach (string folder in (string[])["bin", "obj/Debug", "obj/quantize"])
        {
            if (Directory.Exists(consumer.PathOf(folder)))
                Directory.Delete(consumer.PathOf(folder), recursive: true);
        }

        return consumer.Build().Succeeded().Time;
    }
}
