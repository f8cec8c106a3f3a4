namespace Quantize.Generator;

/// <summary>The labels of one output in the result of its method.</summary>
/// <param name="Output">The output.</param>
/// <param name="Property">The label of the greatest value; or of each value, where the values are positions of labels.</param>
/// <param name="Top">The method that gives the greatest values with their labels; empty where the values are positions.</param>
internal sealed record LabelModel(TensorModel Output, string Property, string Top);

/// <summary>A list of labels of the class.</summary>
internal sealed record LabelList(string Name, TensorModel Output);

/// <summary>How an input is made of what the model was trained on.</summary>
/// <param name="Name">The method.</param>
/// <param name="Input">The input.</param>
internal sealed record NormalizationModel(string Name, TensorModel Input);
