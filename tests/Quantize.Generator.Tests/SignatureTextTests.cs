using System.Globalization;
using Quantize.Build;

namespace Quantize.Generator.Tests;

public sealed class SignatureTextTests
{
    public static TheoryData<string> Kinds => ["Mnist", "SeveralInputs", "OpenSizes", "Fixed", "Stateful", "Integers", "Labelled"];

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_written_is_read(string kind)
    {
        var signature = (ModelSignature)typeof(TestSignatures).GetProperty(kind)!.GetValue(null)!;
        Assert.Equal(signature, ModelSignature.Parse(signature.Format()));
        Assert.Equal(signature, ModelSignature.Parse(signature.Format().ReplaceLineEndings("\r\n")));
    }

    [Theory, MemberData(nameof(HostileNameTests.Names), MemberType = typeof(HostileNameTests))]
    public void Any_name_is_one_field(string name)
    {
        SignatureMethod method = TestSignatures.Method(name, [TestSignatures.Tensor(name, name, "batch")], []);
        ModelSignature signature = TestSignatures.Model(name, method) with { Source = name };
        Assert.Equal(signature, ModelSignature.Parse(signature.Format()));
    }

    [Fact]
    public void Every_locale_writes_the_same_text()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~", NumberGroupSeparator = "'" },
            };
            Assert.Contains("\t0.0078125\t128", TestSignatures.Integers.Format(), StringComparison.Ordinal);
            Assert.Equal(TestSignatures.Integers, ModelSignature.Parse(TestSignatures.Integers.Format()));
            Snapshot.Match("Integers", TestProject.With(TestSignatures.Integers).GenerateClean());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_line_of_a_later_version_is_passed_over() =>
        Assert.Equal(TestSignatures.Mnist, ModelSignature.Parse(TestSignatures.Mnist.Format() + "accuracy\t0.99\n"));
}
