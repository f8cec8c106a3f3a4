using System.Diagnostics;

namespace Mnist;

/// <summary>One model's answers to all pictures, and how long each took.</summary>
internal sealed class Evaluation(string name, long bytes, Digits digits, PredictDigits predict)
{
    private const int WarmUpCalls = 500;
    private const int Classes = 10;

    private readonly long[] _classes = new long[digits.Count];
    private readonly TimeSpan[] _times = new TimeSpan[digits.Count];
    private readonly float[] _probabilities = new float[Classes];

    public string Name => name;

    public long Bytes => bytes;

    public int Count => digits.Count;

    public TimeSpan MeanTime => TimeSpan.FromTicks((long)_times.Average(time => time.Ticks));

    /// <summary>The time that 99 of 100 calls do not exceed.</summary>
    public TimeSpan SlowTime => _times.Order().ElementAt(_times.Length * 99 / 100);

    /// <summary>The first calls load the model, pack its weights, and let the just-in-time compiler learn.</summary>
    public void WarmUp()
    {
        for (int i = 0; i < WarmUpCalls; i++)
            Predict(i);
    }

    public void Predict(int index)
    {
        long start = Stopwatch.GetTimestamp();
        predict(digits.Image(index), _classes.AsSpan(index, 1), _probabilities);
        _times[index] = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The part of the first <paramref name="count"/> pictures that is answered rightly.</summary>
    public double Accuracy(int count) => Enumerable.Range(0, count).Count(i => _classes[i] == digits.Label(i)) / (double)count;

    /// <summary>How many pictures both models answer alike.</summary>
    public int Agreement(Evaluation other) => _classes.Zip(other._classes).Count(pair => pair.First == pair.Second);
}

/// <summary>The call that a generated class offers over the caller's memory; it allocates nothing.</summary>
internal delegate void PredictDigits(ReadOnlySpan<float> image, Span<long> classes, Span<float> probabilities);
