namespace Quantize.Runtime.Format;

/// <summary>Numbers of the schema's ReduceWindowFunction.</summary>
internal enum ReduceWindowFunction
{
    Unsupported = 0,
    Add = 1,
    Mul = 2,
    Minimum = 3,
    Maximum = 4,
    All = 5,
    Any = 6,
}
