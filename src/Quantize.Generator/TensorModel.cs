using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>One input or output of a method: its names in C#, and its dimensions, of which the first may count the items.</summary>
internal sealed class TensorModel
{
    public const string Batch = "batch";

    public TensorModel(SignatureTensor signature, int index, string parameter, string word, string property, bool isPerItem, bool isRaw)
    {
        Signature = signature;
        IsReal = !isRaw && IsQuantized(signature);
        Index = index;
        Parameter = parameter;
        Word = word;
        Property = property;
        IsPerItem = isPerItem;
        ItemShape = signature.Shape.Skip(isPerItem ? 1 : 0).ToList();
    }

    public SignatureTensor Signature { get; }

    /// <summary>Position in the signature.</summary>
    public int Index { get; }

    public string Parameter { get; }

    /// <summary>The key in Pascal case.</summary>
    public string Word { get; }

    /// <summary>Of an output, the name in the result.</summary>
    public string Property { get; }

    /// <summary>The first dimension is the number of items.</summary>
    public bool IsPerItem { get; }

    /// <summary>Dimensions of one item, or all of them where the tensor is not per item.</summary>
    public IReadOnlyList<string> ItemShape { get; }

    /// <summary>The caller has numbers where the model has codes.</summary>
    public bool IsReal { get; }

    public string Type => IsReal ? "float" : ElementTypes.CSharp[Signature.Type];

    public bool ItemIsScalar => ItemShape.Count == 0;

    public bool ItemIsFixed => ItemShape.All(dimension => Number(dimension) is not null);

    /// <summary>Elements of one item; only where it is fixed.</summary>
    public long ItemLength => Length(ItemShape);

    /// <summary>An item is a row of values with a label each.</summary>
    public bool IsLabelledRow => IsLabelled(SignatureTensor.LabelsOfAxis) && !ItemIsScalar && ItemIsFixed && ItemLength == Signature.Labels.Count;

    /// <summary>Each value is the position of its label.</summary>
    public bool HasLabelsOfValues => IsLabelled(SignatureTensor.LabelsOfValues);

    /// <summary>The caller gives what the model was trained on, less a mean, over a deviation.</summary>
    public bool IsNormalized => Signature.Mean.Count > 0 && Signature.Mean.Count == Signature.Deviation.Count && Type == "float";

    /// <summary>Its elements are codes of one scale.</summary>
    public static bool IsQuantized(SignatureTensor tensor) => tensor.Scale != 0 && ElementTypes.OfCodes.ContainsKey(tensor.Type);

    /// <summary>The dimension as a number, or null where it is open.</summary>
    public static int? Number(string dimension) =>
        int.TryParse(dimension, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Product of the dimensions that are numbers; more than an array can hold is <see cref="long.MaxValue"/>.</summary>
    public static long Length(IEnumerable<string> shape)
    {
        long length = 1;
        foreach (string dimension in shape)
        {
            length *= Number(dimension) ?? 1;
            if (length > int.MaxValue)
                return long.MaxValue;
        }

        return length;
    }

    private bool IsLabelled(string kind) => Signature.Labels.Count > 0 && Signature.LabelKind == kind && Type != "bool";
}
