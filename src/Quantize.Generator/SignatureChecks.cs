using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>Everything that keeps a class from being written, all at once.</summary>
internal static class SignatureChecks
{
    private const LanguageVersion Oldest = LanguageVersion.CSharp12;

    public static IReadOnlyList<ModelDiagnostic> Check(SignatureFile file, ProjectState project)
    {
        if (file.Signature is not { } signature || file.Wrong.Length > 0)
            return [new(DiagnosticTable.UnreadableSignature, file.Path, file.Wrong)];

        List<ModelDiagnostic> wrong = [];
        if (project.Language < Oldest)
            wrong.Add(new(DiagnosticTable.LanguageTooOld, file.Path, signature.Source, project.Language.ToDisplayString()));
        if (!project.Facts.HasRuntime)
            wrong.Add(new(DiagnosticTable.RuntimeNotReferenced, file.Path, signature.Source));
        wrong.AddRange(Names(file, signature));
        wrong.AddRange(Collisions(file, signature, project));
        if (project.Supplier(file) is { Wrong.Length: > 0 } supplier)
            wrong.Add(new(DiagnosticTable.CustomOperatorsUnusable, file.Path, signature.Source, supplier.Name, supplier.Wrong));
        wrong.AddRange(Types(file, signature));
        return wrong;
    }

    private static IEnumerable<ModelDiagnostic> Names(SignatureFile file, ModelSignature signature)
    {
        if (!Identifiers.IsIdentifier(signature.ClassName))
            yield return new(DiagnosticTable.InvalidGeneratedName, file.Path, signature.Source, signature.ClassName, "class", "ClassName");
        if (signature.Namespace.Length > 0 && !signature.Namespace.Split('.').All(Identifiers.IsWord))
            yield return new(DiagnosticTable.InvalidGeneratedName, file.Path, signature.Source, signature.Namespace, "namespace", "Namespace");
    }

    private static IEnumerable<ModelDiagnostic> Collisions(SignatureFile file, ModelSignature signature, ProjectState project)
    {
        string name = file.FullClassName;
        if (project.ClassNames.Count(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)) > 1)
            yield return new(DiagnosticTable.ClassNameTaken, file.Path, signature.Source, name, "another model of the project gets it too");
        if (project.Classes.Any(type => type.Name == name && type.IsInTheWay))
            yield return new(DiagnosticTable.ClassNameTaken, file.Path, signature.Source, name, "the project has a type of that name, no partial class");
    }

    private static IEnumerable<ModelDiagnostic> Types(SignatureFile file, ModelSignature signature) =>
        from method in signature.Methods
        from tensor in method.Inputs.Concat(method.Outputs)
        where !ElementTypes.CSharp.ContainsKey(tensor.Type)
        select new ModelDiagnostic(DiagnosticTable.UnsupportedTensorType, file.Path, signature.Source, tensor.Key, method.Key, tensor.Type);
}
