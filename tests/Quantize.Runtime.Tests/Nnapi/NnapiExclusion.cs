namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Why cases have no form in TensorFlow Lite, and whether a case is one of them.</summary>
internal sealed record NnapiExclusion(string Reason, Func<NnapiCase, bool> Applies)
{
    public static NnapiExclusion[] All { get; } =
    [
        new("BOX_WITH_NMS_LIMIT and ROI_ALIGN are no operators of TensorFlow Lite; what follows them in a case runs, on the empty tensor that they make", test =>
            test.Uses("BOX_WITH_NMS_LIMIT") || test.Uses("ROI_ALIGN")),
        new("RANDOM_MULTINOMIAL has no expected values: the case tells what the draws must be distributed like", test => test.Uses("RANDOM_MULTINOMIAL")),
        new("the padding of a mean is written out, and is none of TensorFlow Lite's two schemes: elements outside would count", NnapiPools.HasOtherPadding),
    ];

    public static NnapiExclusion? Of(NnapiCase test) => Array.Find(All, exclusion => exclusion.Applies(test));
}
