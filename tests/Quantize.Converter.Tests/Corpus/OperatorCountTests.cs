using System.Text;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>
/// Our files have no more operators than Google's, where Google's file is right. <c>QUANTIZE_CORPUS=family</c> prints both lists for the cases of a family. An exception
/// stands here with its reason.
/// </summary>
public sealed class OperatorCountTests
{
    /// <summary>Cases with more operators than Google's file, and why.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["activation/mish"] = "Google's log(exp(x) + 1) is infinite for large x",
        ["activation/softplus"] = "Google's log(exp(x) + 1) is infinite for large x",
        ["embedding/one_hot_matmul"] = "an index outside the table gives zeros in TensorFlow; EMBEDDING_LOOKUP fails",
        ["l2_normalize/sqrt_form"] = "another epsilon than that of L2_NORMALIZATION",
        ["nms/v3"] = "Google's file does not cut off what the builtin fills up with",
    };

    [Fact]
    public void Our_files_have_no_more_operators_than_Googles()
    {
        Repository.Shared("data", "tf_ops");
        string? wanted = Environment.GetEnvironmentVariable("QUANTIZE_CORPUS");
        var report = new StringBuilder();
        var wrong = new StringBuilder();
        foreach (TensorFlowCase test in TensorFlowCase.All().Where(test => wanted is null or "all" || test.Family == wanted))
        {
            string google = Path.Combine(test.Folder, Path.GetFileName(test.Tensors).Replace("io.", "google_float.").Replace(".safetensors", ".tflite"));
            if (!File.Exists(google) || test.HasTag("google_differs") || test.HasTag("google_cannot_run"))
                continue;
            try
            {
                ConversionResult result = ModelConverter.Convert(test.Request(QuantizationScheme.None));
                using TfLiteModel ours = TfLiteModel.Read(ModelBytes.Of(result.Model));
                using TfLiteModel theirs = TfLiteModel.Read(ModelBytes.Map(google));
                int more = Count(ours) - Count(theirs);
                string difference = $"{test.Id}: {Count(ours)} operators, Google's {Count(theirs)}\n    {List(ours)}\n    {List(theirs)}";
                if (wanted is not null)
                    report.AppendLine(difference);
                if (more > 0 != s_exceptions.ContainsKey(test.Id))
                    wrong.AppendLine(difference);
            }
            catch (ConversionException)
            {
                // Told by TensorFlowCorpusTests.
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static int Count(TfLiteModel model) => model.Subgraphs.Sum(subgraph => subgraph.Operators.Length);

    private static string List(TfLiteModel model) =>
        string.Join(' ', model.Subgraphs.SelectMany(subgraph => subgraph.Operators.Select(op => $"{op.Name}({string.Join(' ', op.Inputs.Select(input => Operand(subgraph, input)))})")));

    private static string Operand(Subgraph subgraph, int input) => input < 0 ? "-" : $"{(subgraph.Tensors[input].IsConstant ? "!" : "")}{subgraph.Tensors[input].Type}[{string.Join(',', subgraph.Tensors[input].Shape)}]";
}
