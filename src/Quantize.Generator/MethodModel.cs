using System;
using System.Collections.Generic;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>A dimension that the lengths of the inputs do not tell: an <c>int</c> parameter.</summary>
internal sealed record SizeModel(string Symbol, string Parameter);

/// <summary>One signature as methods and result types.</summary>
internal sealed class MethodModel
{
    private const string DefaultKey = "serving_default";
    private const string DefaultName = "Predict";
    private const string Raw = "Raw";

    private static readonly string[] ResultMembers =
        ["Count", "Item", "GetEnumerator", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    private MethodModel(SignatureMethod signature, string name, MethodModel? real = null)
    {
        Signature = signature;
        Name = name;
        IsRaw = real is not null;
        Field = real?.Field ?? "_" + char.ToLowerInvariant(name[0]) + name.Substring(1);
        Result = real is not null && !signature.Outputs.Any(TensorModel.IsQuantized) ? real.Result : ResultName(name);
        HasBatch = signature.Inputs.Any(input => CountsItems(input));

        var parameters = new NameScope();
        var properties = new NameScope([.. ResultMembers, Result, ResultBatch]);
        Inputs = signature.Inputs.Select((input, index) => Input(input, index, parameters)).ToList();
        Sizes = Symbols().Select(symbol => new SizeModel(symbol, Parameter(symbol, "size", parameters))).ToList();
        Outputs = signature.Outputs.Select((output, index) => Output(output, index, parameters, properties)).ToList();
        LengthParameters = Outputs.Select(output => IsKnown(output) ? null : parameters.Take(output.Parameter.TrimStart('@') + "Length")).ToList();
        Labels = AllLabels(properties);
        BatchVariable = parameters.Take(TensorModel.Batch);
        SessionVariable = parameters.Take("session");
    }

    public SignatureMethod Signature { get; }

    public string Name { get; }

    public string BatchName => Name + "Batch";

    public string Result { get; }

    public string ResultBatch => Result + "Batch";

    /// <summary>The session's private method that all forms share.</summary>
    public string Run => "Run" + Name;

    /// <summary>The session's call of the signature.</summary>
    public string Field { get; }

    /// <summary>Quantized tensors are taken and given as their codes; the method that has numbers instead comes before this one.</summary>
    public bool IsRaw { get; }

    /// <summary>Another method has the same result type.</summary>
    public bool SharesResult => IsRaw && Result != ResultName(Name);

    /// <summary>The number of items is open, and the length of an input tells it.</summary>
    public bool HasBatch { get; }

    public IReadOnlyList<TensorModel> Inputs { get; }

    public IReadOnlyList<TensorModel> Outputs { get; }

    public IReadOnlyList<SizeModel> Sizes { get; }

    /// <summary>For each output the parameter that receives its length, or null where the caller knows it before the call.</summary>
    public IReadOnlyList<string?> LengthParameters { get; }

    /// <summary>What the result of one item tells of the meaning of its values.</summary>
    public IReadOnlyList<LabelModel> Labels { get; }

    public string BatchVariable { get; }

    public string SessionVariable { get; }

    /// <summary>The input whose length tells the number of items.</summary>
    public TensorModel CountedInput => Inputs.First(input => CountsItems(input.Signature));

    /// <summary>
    /// One method for each signature, the default first: it is the one called <c>Predict</c>. A key whose method would be another's twin (same name, same
    /// tensors) is served by that one. Behind a method with quantized tensors follows its raw form.
    /// </summary>
    public static IReadOnlyList<MethodModel> All(ModelSignature model, NameScope members)
    {
        List<MethodModel> methods = [];
        foreach (SignatureMethod signature in model.Methods.OrderBy(method => method.Key != DefaultKey))
        {
            string name = signature.Key == DefaultKey ? DefaultName : Identifiers.Pascal(signature.Key, "Signature");
            if (methods.Any(method => method.Name == name && method.Signature with { Key = "" } == signature with { Key = "" }))
                continue;
            methods.Add(new MethodModel(signature, members.Take(name, Names)));
        }

        return [.. methods.SelectMany(method => IsQuantized(method.Signature) ? [method, new(method.Signature, members.Take(method.Name + Raw, Names), method)] : (MethodModel[])[method])];
    }

    /// <summary>The dimensions as C# expressions.</summary>
    public string Dimensions(IEnumerable<string> shape) => "[" + string.Join(", ", shape.Select(Dimension)) + "]";

    private static string[] Names(string stem) => [stem, stem + "Batch", ResultName(stem), ResultName(stem) + "Batch", "Run" + stem];

    private static string ResultName(string name) => name switch
    {
        DefaultName => "Prediction",
        DefaultName + Raw => "RawPrediction",
        _ => name + "Result",
    };

    private static bool IsQuantized(SignatureMethod signature) => signature.Inputs.Concat(signature.Outputs).Any(TensorModel.IsQuantized);

    private static string Parameter(string name, string what, NameScope parameters) => Identifiers.Escape(parameters.Take(Identifiers.Camel(name, what)));

    /// <summary>An item of no elements would leave their number unknown.</summary>
    private static bool CountsItems(SignatureTensor input) =>
        input.Shape.Count > 0 && input.Shape[0] == TensorModel.Batch && input.Shape.All(dimension => TensorModel.Number(dimension) != 0);

    private bool IsPerItem(SignatureTensor tensor) => HasBatch && tensor.Shape.Count > 0 && tensor.Shape[0] == TensorModel.Batch;

    private TensorModel Input(SignatureTensor input, int index, NameScope parameters) =>
        new(input, index, Parameter(input.Key, "input", parameters), Identifiers.Pascal(input.Key, "Input"), "", IsPerItem(input), IsRaw);

    private TensorModel Output(SignatureTensor output, int index, NameScope parameters, NameScope properties)
    {
        string word = Identifiers.Pascal(output.Key, "Output");
        string property = properties.Take(word, stem => [stem, stem + "Shape"]);
        return new TensorModel(output, index, Parameter(output.Key, "output", parameters), word, property, IsPerItem(output), IsRaw);
    }

    /// <summary>The only labelled row of values has the short names.</summary>
    private List<LabelModel> AllLabels(NameScope properties)
    {
        List<TensorModel> rows = Outputs.Where(output => output.IsLabelledRow).ToList();
        return Outputs.Where(output => output.IsLabelledRow || output.HasLabelsOfValues).Select(output =>
        {
            string stem = rows.Count == 1 && output.IsLabelledRow ? "" : output.Property;
            return new LabelModel(
                output,
                properties.Take(stem + (output.IsLabelledRow || output.ItemIsScalar ? "Label" : "Labels")),
                output.IsLabelledRow ? properties.Take(stem + "TopLabels") : "");
        }).ToList();
    }

    private IEnumerable<string> Symbols() => Inputs
        .SelectMany(input => input.Signature.Shape)
        .Where(dimension => TensorModel.Number(dimension) is null && !(HasBatch && dimension == TensorModel.Batch))
        .Distinct(StringComparer.Ordinal);

    private bool IsKnown(TensorModel output) => output.ItemShape.All(dimension =>
        TensorModel.Number(dimension) is not null || (HasBatch && dimension == TensorModel.Batch) || Sizes.Any(size => size.Symbol == dimension));

    private string Dimension(string dimension)
    {
        if (TensorModel.Number(dimension) is not null)
            return dimension;
        return HasBatch && dimension == TensorModel.Batch ? BatchVariable : Sizes.First(size => size.Symbol == dimension).Parameter;
    }
}
