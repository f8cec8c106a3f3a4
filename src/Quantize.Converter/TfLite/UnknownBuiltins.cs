using Quantize.Build;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;

namespace Quantize.Converter.TfLite;

/// <summary>Builtin operators of a file that the runtime does not have: told now, not when the application starts.</summary>
internal static class UnknownBuiltins
{
    private const string Fact = "the runtime has no kernel for it";

    /// <exception cref="ConversionException">There are some; each is named.</exception>
    public static void Check(TfLiteModel model, string path)
    {
        ModelDiagnostic[] unknown =
        [
            .. from subgraph in model.Subgraphs
               from op in subgraph.Operators
               where op.Code != BuiltinOperator.Custom && !OperatorTable.All.Has(op.Code)
               select new ModelDiagnostic(DiagnosticTable.UnsupportedOperation, path, op.Outputs.Length > 0 ? subgraph.Tensors[op.Outputs[0]].Name : "", op.Name, Fact),
        ];
        if (unknown.Length > 0)
            throw new ConversionException(unknown);
    }
}
