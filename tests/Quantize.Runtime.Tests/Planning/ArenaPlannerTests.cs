using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Tests.Planning;

public sealed class ArenaPlannerTests
{
    private const int CacheLine = 64;

    [Fact]
    public void Tensors_alive_together_never_overlap_and_no_byte_lies_outside()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Life[] lives = Scattered(new Random(seed));
            int size = Place(lives);
            foreach (Life a in lives)
            {
                Assert.Equal(0, a.Slot.Offset % CacheLine);
                Assert.InRange(a.Slot.Offset + a.Slot.ByteLength, 0, size);
                foreach (Life b in lives)
                    Assert.False(!ReferenceEquals(a, b) && Together(a, b) && Touch(a.Slot, b.Slot), $"seed {seed}: {a} and {b} overlap");
            }
        }
    }

    /// <summary>No placement can need less than the bytes alive at the fullest step; often every placement needs more.</summary>
    [Fact]
    public void Networks_need_little_more_than_their_fullest_step()
    {
        double[] ratios = [.. Enumerable.Range(0, 300).Select(seed => Network(new Random(seed))).Select(lives => (double)Place(lives) / LowerBound(lives)).Order()];
        TestContext.Current.TestOutputHelper!.WriteLine($"over the lower bound: {ratios.Average():F3} on average, {ratios[ratios.Length * 9 / 10]:F3} for nine of ten, {ratios[^1]:F3} at worst");
        Assert.InRange(ratios.Average(), 1, 1.03);
        Assert.InRange(ratios[ratios.Length * 9 / 10], 1, 1.1);
        Assert.InRange(ratios[^1], 1, 1.35);
    }

    [Fact]
    public void A_tensor_of_no_bytes_takes_no_place()
    {
        Life[] lives = [new(Slot(0), 0, 3), new(Slot(100), 0, 3), new(Slot(0), 1, 2)];
        Assert.Equal(128, Place(lives));
    }

    private static int Place(Life[] lives)
    {
        var planner = new ArenaPlanner();
        foreach (Life life in lives)
            planner.Add(new ArenaArea(life.Slot, life.First, life.Last));
        return planner.Place();
    }

    private static long LowerBound(Life[] lives) => lives.Max(at => lives.Where(life => life.First <= at.First && at.First <= life.Last).Sum(life => (long)(life.Slot.ByteLength + CacheLine - 1) / CacheLine * CacheLine));

    private static Life[] Scattered(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (First: random.Next(40), Length: random.Next(20))).Select(life => new Life(Slot(random.Next(0, 5000)), life.First, life.First + life.Length))];

    /// <summary>A chain of layers with scratch memory, and now and then a tensor that a later layer reads again.</summary>
    private static Life[] Network(Random random)
    {
        List<Life> lives = [new(Slot(random.Next(1, 100_000)), -1, 0)];
        int steps = random.Next(5, 60);
        for (int step = 0; step < steps; step++)
        {
            int lifetime = random.Next(4) == 0 ? random.Next(2, 6) : 1;
            lives.Add(new(Slot(random.Next(1, 100_000)), step, step + lifetime));
            if (random.Next(2) == 0)
                lives.Add(new(Slot(random.Next(1, 50_000)), step, step));
        }

        return [.. lives];
    }

    private static TensorSlot Slot(int bytes) => new("t", TensorType.UInt8, [bytes]);

    private static bool Together(Life a, Life b) => a.First <= b.Last && b.First <= a.Last;

    private static bool Touch(TensorSlot a, TensorSlot b) => a.Offset < b.Offset + b.ByteLength && b.Offset < a.Offset + a.ByteLength;

    private sealed record Life(TensorSlot Slot, int First, int Last);
}
