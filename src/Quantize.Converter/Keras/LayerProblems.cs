using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras;

/// <summary>What cannot be imported of a model: all of it is told at once.</summary>
internal sealed class LayerProblems(string file)
{
    private readonly List<ModelDiagnostic> _all = [];

    public IReadOnlyList<ModelDiagnostic> All => [.. _all.DistinctBy(problem => problem.ToString())];

    public void AddCode(string layer, string className) => _all.Add(new ModelDiagnostic(DiagnosticTable.KerasLayerIsCode, file, layer, className));

    public void AddUnsupported(string layer, string className, string fact) => _all.Add(new ModelDiagnostic(DiagnosticTable.KerasLayerUnsupported, file, layer, className, fact));

    /// <summary>Runs the import of a layer; what it throws about the layer is a problem of that layer, and there is no result.</summary>
    public KerasTensor[]? Watch(string layer, string className, Func<KerasTensor[]?> import)
    {
        try
        {
            return import();
        }
        catch (RefusalException refusal)
        {
            _all.Add(new ModelDiagnostic(DiagnosticTable.KerasLayerUnsupported, file, layer, className, refusal.Message));
        }
        catch (Exception exception) when (exception is LayerException or GraphException or InvalidOperationException or OverflowException or ArgumentException)
        {
            _all.Add(new ModelDiagnostic(DiagnosticTable.KerasLayerInconsistent, file, layer, className, exception.Message));
        }

        return null;
    }

    public void ThrowIfAny()
    {
        if (_all.Count > 0)
            throw new ConversionException(All);
    }
}
