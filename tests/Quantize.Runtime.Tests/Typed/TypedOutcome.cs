namespace Quantize.Runtime.Tests.Typed;

/// <summary>What a case gave: how near it came to Google's kernels, or why it does not pass.</summary>
internal sealed record TypedOutcome(Agreement Agreement, string Reason)
{
    public bool Passes => Agreement != Agreement.None;
}

/// <summary>With which of Google's two kernel sets the results agree.</summary>
internal enum Agreement
{
    /// <summary>They do not, or there are none.</summary>
    None,

    /// <summary>Within what the corpus allows, not to the bit.</summary>
    Close,

    /// <summary>Every bit, with the reference kernels.</summary>
    Reference,

    /// <summary>Every bit, with the optimized kernels.</summary>
    Optimized,

    /// <summary>Google's kernels refuse the file; so do we, in words, or we run it where its meaning is clear.</summary>
    Refused,
}
