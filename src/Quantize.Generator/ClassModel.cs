using System.Collections.Generic;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>The constants of one tensor: <c>{Stem}Size</c> and <c>{Stem}Shape</c>.</summary>
internal sealed record ConstantModel(string Stem, TensorModel Tensor);

/// <summary>All names of a class, decided.</summary>
internal sealed class ClassModel
{
    private static readonly string[] TakenMembers =
        ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Dispose", "Reset"];

    public ClassModel(ModelSignature signature)
    {
        Signature = signature;
        var members = new NameScope([.. TakenMembers, signature.ClassName]);
        ModelProperty = members.Take("Model");
        SessionType = members.Take("Session");
        CreateSession = members.Take("CreateSession");
        Load = members.Take("Load");
        Elements = members.Take("Elements");
        Methods = MethodModel.All(signature, members);
        Constants = AllConstants(members);
        LabelLists = AllLabels(members);
        Normalizations = AllNormalizations(members);
    }

    public ModelSignature Signature { get; }

    /// <summary>As written in the source: an <c>@</c> keeps the compiler from warning of a name of small letters only.</summary>
    public string Name => Signature.ClassName.All(c => c is >= 'a' and <= 'z') ? "@" + Signature.ClassName : Signature.ClassName;

    public string Namespace => string.Join(".", Signature.Namespace.Split('.').Select(Identifiers.Escape));

    public string ModelProperty { get; }

    public string SessionType { get; }

    public string CreateSession { get; }

    /// <summary>The private method that opens the model.</summary>
    public string Load { get; }

    /// <summary>The private method that takes the elements out of a tensor span.</summary>
    public string Elements { get; }

    public IReadOnlyList<MethodModel> Methods { get; }

    /// <summary>One method for each signature that is called.</summary>
    public IEnumerable<MethodModel> Signatures => Methods.Where(method => !method.IsRaw);

    public IReadOnlyList<ConstantModel> Constants { get; }

    /// <summary>Each list of labels once.</summary>
    public IReadOnlyList<LabelList> LabelLists { get; }

    public IReadOnlyList<NormalizationModel> Normalizations { get; }

    /// <summary>The list of that output's labels, as code anywhere in the class.</summary>
    public string Labels(TensorModel output) =>
        $"global::{(Signature.Namespace.Length == 0 ? "" : Namespace + ".")}{Name}.{LabelLists.First(list => list.Output.Signature.Labels.Equals(output.Signature.Labels)).Name}";

    private List<LabelList> AllLabels(NameScope members)
    {
        List<TensorModel> outputs = Signatures.SelectMany(method => method.Outputs).Where(output => output.Signature.Labels.Count > 0)
            .GroupBy(output => output.Signature.Labels).Select(same => same.First()).ToList();
        return outputs.Select(output => new LabelList(members.Take(outputs.Count == 1 ? "Labels" : output.Word + "Labels"), output)).ToList();
    }

    /// <summary>An input that several signatures share has its method once.</summary>
    private List<NormalizationModel> AllNormalizations(NameScope members) => Signatures
        .SelectMany(method => method.Inputs)
        .Where(input => input.IsNormalized)
        .GroupBy(input => (input.Signature.Key, input.Signature.Mean, input.Signature.Deviation))
        .Select(same => new NormalizationModel(members.Take("Normalize" + same.First().Word), same.First()))
        .ToList();

    /// <summary>A tensor that several signatures share has its constants once; one of the same key and another shape gets its method's name before.</summary>
    private List<ConstantModel> AllConstants(NameScope members)
    {
        List<ConstantModel> constants = [];
        foreach (MethodModel method in Methods)
        {
            foreach (TensorModel tensor in method.Inputs.Concat(method.Outputs).Where(tensor => !tensor.ItemIsScalar))
            {
                List<ConstantModel> ofKey = constants.Where(constant => constant.Tensor.Signature.Key == tensor.Signature.Key).ToList();
                if (ofKey.Any(constant => constant.Tensor.ItemShape.SequenceEqual(tensor.ItemShape)))
                    continue;
                string stem = ofKey.Count == 0 ? tensor.Word : method.Name + tensor.Word;
                constants.Add(new ConstantModel(members.Take(stem, name => [name + "Size", name + "Shape"]), tensor));
            }
        }

        return constants;
    }
}
