using System.Globalization;

namespace Quantize.Runtime.Threads;

/// <summary>The number of threads that a program sets for all its models: a runtime configuration option of that name.</summary>
internal static class ThreadSetting
{
    public const string Name = "Quantize.Runtime.Threads";

    /// <summary>1 where the program sets nothing.</summary>
    public static int Value => Parse(AppContext.GetData(Name));

    /// <exception cref="InvalidOperationException">It is no number, or a negative one.</exception>
    public static int Parse(object? setting) => setting switch
    {
        null => 1,
        int threads and >= 0 => threads,
        string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) => threads,
        _ => throw new InvalidOperationException($"the runtime configuration option '{Name}' is '{setting}'; it is a number of threads, or 0 for all processors"),
    };
}
