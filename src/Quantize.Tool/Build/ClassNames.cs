using Quantize.Build;

namespace Quantize.Tool.Build;

/// <summary>The class and namespace of a model: the item's own, else made of the item's path and the project's root namespace.</summary>
internal static class ClassNames
{
    public static string ClassName(ModelRequest model, List<ModelDiagnostic> wrong)
    {
        if (model.ClassName.Length == 0)
            return Identifiers.ClassName(model.Source);
        if (!Identifiers.IsIdentifier(model.ClassName))
            wrong.Add(new(DiagnosticTable.InvalidClassName, model.Path, model.ClassName));
        return model.ClassName;
    }

    public static string Namespace(ModelRequest model, List<ModelDiagnostic> wrong)
    {
        if (model.Namespace.Length == 0)
            return string.Join(".", model.RootNamespace.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(AsIdentifier));
        if (!model.Namespace.Split('.').All(Identifiers.IsIdentifier))
            wrong.Add(new(DiagnosticTable.InvalidNamespace, model.Path, model.Namespace));
        return model.Namespace;
    }

    private static string AsIdentifier(string name)
    {
        string plain = string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
        return Identifiers.IsIdentifier(plain) ? plain : "_" + plain;
    }
}
