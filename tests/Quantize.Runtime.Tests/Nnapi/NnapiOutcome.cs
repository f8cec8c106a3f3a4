namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>What a case gave: whether all numbers are the expected ones to the last digit, whether at least all codes are, or why it does not pass.</summary>
internal sealed record NnapiOutcome(bool IsEqual, bool CodesAreEqual, string Reason)
{
    public bool Passes => Reason.Length == 0;

    public static NnapiOutcome Failed(string reason) => new(false, false, reason);
}
