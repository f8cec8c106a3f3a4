using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Build;

/// <summary>Understands the metadata of TfModel items; what cannot be understood is said, all at once, and leaves the model out.</summary>
internal static class JobReader
{
    public static IReadOnlyList<ModelJob> Read(BuildRequest request, BuildLog log)
    {
        List<ModelJob> jobs = [];
        foreach (ModelRequest model in request.Models)
        {
            if (Read(model, request, log) is { } job)
                jobs.Add(job);
        }

        return WithoutSharedNames(jobs, log);
    }

    private static ModelJob? Read(ModelRequest model, BuildRequest request, BuildLog log)
    {
        List<ModelDiagnostic> wrong = [];
        var conversion = new ConversionRequest
        {
            ModelPath = model.Path,
            Quantization = Choice<QuantizationScheme>(model, ModelOption.Quantization, model.Quantization, wrong),
            Arithmetic = Choice<ArithmeticForm>(model, ModelOption.Arithmetic, model.Arithmetic, wrong),
            SignatureKey = model.SignatureKey.Length == 0 ? null : model.SignatureKey,
            Tags = model.Tags,
            InputArrays = model.InputArrays,
            OutputArrays = model.OutputArrays,
            KeepFloat = model.KeepFloat,
            InputShapes = model.InputShapes,
            CustomOperators = model.CustomOperators.Length == 0 ? null : model.CustomOperators,
            LabelsPath = model.Labels.Length == 0 ? null : model.Labels,
            SignatureOnly = request.DesignTime,
        };
        string className = ClassNames.ClassName(model, wrong);
        string space = ClassNames.Namespace(model, wrong);
        wrong.ForEach(log.Say);
        return wrong.Count == 0 ? new ModelJob(model, model.Key(request.ToolVersion), className, space, conversion) : null;
    }

    private static T? Choice<T>(ModelRequest model, ModelOption option, string value, List<ModelDiagnostic> wrong)
        where T : struct, Enum
    {
        if (value.Length == 0)
            return null;
        string? name = Enum.GetNames<T>().FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (name is not null)
            return Enum.Parse<T>(name);
        wrong.Add(new(DiagnosticTable.UnknownMetadataValue, model.Path, value, string.Join(", ", Enum.GetNames<T>())) { Option = option });
        return null;
    }

    /// <summary>Names that differ in case alone are shared too: the generated files' names do not tell them apart.</summary>
    private static List<ModelJob> WithoutSharedNames(List<ModelJob> jobs, BuildLog log)
    {
        List<ModelJob> distinct = [];
        foreach (IGrouping<string, ModelJob> group in jobs.GroupBy(job => job.FullName, StringComparer.OrdinalIgnoreCase))
        {
            if (group.Count() == 1)
                distinct.Add(group.Single());
            else
                log.Say(new(DiagnosticTable.SharedClassName, group.Last().Request.Path, group.Key, string.Join("', '", group.Select(job => job.Source))));
        }

        return distinct;
    }
}
