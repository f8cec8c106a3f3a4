using System.Collections.Generic;

namespace Quantize.Build;

/// <summary>
/// Every diagnostic of the product: 1xxx reading and importing, 2xxx passes, 3xxx quantization and writing, 4xxx the build item, 5xxx the generator, 6xxx the
/// command line. Ids are never reused; each has a page in docs/diagnostics.
/// </summary>
internal static class DiagnosticTable
{
    public static readonly DiagnosticEntry ModelNotFound =
        new("QNT1001", DiagnosticLevel.Error, "There is no file or folder at this path: {0}; correct {Include}");

    public static readonly DiagnosticEntry ModelDamaged =
        new("QNT1002", DiagnosticLevel.Error, "The model cannot be read: {0}; export it again, or fetch it anew");

    public static readonly DiagnosticEntry GitLfsPointer =
        new("QNT1003", DiagnosticLevel.Error, "This is a Git LFS pointer, not the model itself; run 'git lfs pull'");

    public static readonly DiagnosticEntry UnknownFormat =
        new("QNT1004", DiagnosticLevel.Error, "This is no SavedModel folder, frozen GraphDef, Keras file or .tflite file: {0}");

    public static readonly DiagnosticEntry ModelTooLarge =
        new("QNT1005", DiagnosticLevel.Error, "The file has {0} bytes, more than the 2147483647 that one protobuf message may have; export it as a SavedModel with variables");

    public static readonly DiagnosticEntry MetaGraphNotFound =
        new("QNT1006", DiagnosticLevel.Error, "The SavedModel has no graph with exactly the tags '{0}'; its graphs have: {1}; set {Tags} to one of these");

    public static readonly DiagnosticEntry SignatureNotFound =
        new("QNT1007", DiagnosticLevel.Error, "The model has no signature '{0}'; it has: {1}; set {SignatureKey} to one of these");

    public static readonly DiagnosticEntry ArrayNotFound =
        new("QNT1008", DiagnosticLevel.Error, "{option} names '{0}', which the graph does not have; candidates: {1}");

    public static readonly DiagnosticEntry ArraysUndetermined =
        new("QNT1009", DiagnosticLevel.Error, "The {0} of the graph cannot be told: {1}; set {option}; candidates: {2}");

    public static readonly DiagnosticEntry UnsupportedOperation =
        new("QNT1010", DiagnosticLevel.Error, "Node '{0}': the operation {1} is not supported ({2})");

    public static readonly DiagnosticEntry InconsistentNode =
        new("QNT1011", DiagnosticLevel.Error, "Node '{0}': {1}");

    public static readonly DiagnosticEntry VariableWithoutValue =
        new("QNT1020", DiagnosticLevel.Error, "Variable '{0}' has no value: {1}; export the model with its variables, or freeze the graph");

    public static readonly DiagnosticEntry RecursiveFunction =
        new("QNT1021", DiagnosticLevel.Error, "Function '{0}' cannot be inlined: {1}; export the model without that recursion");

    public static readonly DiagnosticEntry SignatureTensorUnsupported =
        new("QNT1022", DiagnosticLevel.Error, "Signature '{0}': '{1}' is {2}; only dense tensors can be inputs and outputs; choose another signature with {SignatureKey}");

    public static readonly DiagnosticEntry AssetNotFound =
        new("QNT1023", DiagnosticLevel.Error, "Node '{0}' reads the asset '{1}', which the SavedModel folder does not hold; export the model again with its assets");

    public static readonly DiagnosticEntry NoSignature =
        new("QNT1024", DiagnosticLevel.Error, "The SavedModel has no signature; export it with signatures, or name its tensors with {InputArrays} and {OutputArrays}");

    public static readonly DiagnosticEntry InputTypeUnsupported = new(
        "QNT1025",
        DiagnosticLevel.Error,
        "The input '{0}' has elements of type {1}, which are not supported; make the tensors behind it inputs with {InputArrays}, or export the model with inputs of numbers");

    public static readonly DiagnosticEntry TrainingFlag =
        new("QNT1030", DiagnosticLevel.Warning, "The placeholder '{0}' only chooses between training and inference; the model is converted for inference, and what it is fed there has no effect");

    public static readonly DiagnosticEntry InputShapeWrong =
        new("QNT1031", DiagnosticLevel.Error, "{InputShapes} '{0}': {1}");

    public static readonly DiagnosticEntry RankUnknown = new(
        "QNT1032",
        DiagnosticLevel.Error,
        "The input '{0}' does not say how many dimensions it has, which the node '{1}' must know; set {InputShapes} (as '{0}:1,224,224,3', with ? for an open dimension), or export the model with a shape");

    public static readonly DiagnosticEntry FrontEnd =
        new("QNT1033", DiagnosticLevel.Error, "The nodes {0} make the model's input out of files or sound, which no builtin does; do it before the model is called, and set {InputArrays} to '{1}'");

    public static readonly DiagnosticEntry OtherSignatures =
        new("QNT1034", DiagnosticLevel.Warning, "The signatures {0} have no such nodes; to convert one of them, set {SignatureKey} to '{1}'");

    public static readonly DiagnosticEntry KerasLayerIsCode = new(
        "QNT1040",
        DiagnosticLevel.Error,
        "Layer '{0}' of the class {1} is none of Keras's own: only its author's Python code tells what it computes, and code is never run; use layers of Keras, or export the model with model.export and convert that");

    public static readonly DiagnosticEntry KerasLayerUnsupported =
        new("QNT1041", DiagnosticLevel.Error, "Layer '{0}' of the class {1} is not supported: {2}");

    public static readonly DiagnosticEntry KerasLayerInconsistent =
        new("QNT1042", DiagnosticLevel.Error, "Layer '{0}' of the class {1} makes no sense: {2}; save the model again");

    public static readonly DiagnosticEntry KerasWeightsOnly =
        new("QNT1043", DiagnosticLevel.Error, "This file has weights and no architecture; save the whole model (model.save), or put the text of model.to_json() beside it as '{0}'");

    public static readonly DiagnosticEntry KerasWeightsMissing =
        new("QNT1044", DiagnosticLevel.Error, "This architecture has no weights beside it; save them (model.save_weights) as '{0}', or save the whole model (model.save)");

    public static readonly DiagnosticEntry KerasFileTooLarge =
        new("QNT1045", DiagnosticLevel.Error, "The archive's {0} has {1} bytes, more than the {2} that can be read; export the model with model.export and convert that");

    public static readonly DiagnosticEntry MetadataUnusable =
        new("QNT1050", DiagnosticLevel.Warning, "The file's TFLite Metadata is left out: {0}; write the metadata again, or give labels by {Labels}");

    public static readonly DiagnosticEntry PassFault =
        new("QNT2001", DiagnosticLevel.Error, "The pass '{0}' left the graph '{1}' inconsistent: {2}; this is a fault of the converter, please report it with the model");

    public static readonly DiagnosticEntry OptionWithoutEffect =
        new("QNT3001", DiagnosticLevel.Warning, "{option} has no effect: {0}; leave it out");

    public static readonly DiagnosticEntry OutputTooLarge =
        new("QNT3002", DiagnosticLevel.Error, "The converted model would have {0} bytes, more than the 2147483591 that its readers can hold; quantize its weights, or split it");

    public static readonly DiagnosticEntry KeepFloatFindsNothing =
        new("QNT3003", DiagnosticLevel.Warning, "{KeepFloat} '{0}' names no operator with weights; those of this model are {1}");

    public static readonly DiagnosticEntry UnsupportedLanguage =
        new("QNT4001", DiagnosticLevel.Error, "TfModel items give C# classes, and this is a project in {0}; put the model into a C# class library and reference that");

    public static readonly DiagnosticEntry UnsupportedTargetFramework =
        new("QNT4002", DiagnosticLevel.Error, "TfModel items need net10.0 or later, and this project targets {0}; change TargetFramework, or give the item a Condition on it");

    public static readonly DiagnosticEntry UnknownMetadataValue =
        new("QNT4003", DiagnosticLevel.Error, "The TfModel item's {option} is '{0}'; it can be {1}");

    public static readonly DiagnosticEntry SharedClassName =
        new("QNT4004", DiagnosticLevel.Error, "The class {0} is asked for by the TfModel items '{1}'; give all but one another ClassName or Namespace, or remove them");

    public static readonly DiagnosticEntry InvalidClassName =
        new("QNT4005", DiagnosticLevel.Error, "The TfModel item's ClassName '{0}' cannot be the name of a C# class; it needs letters, digits and '_', and no keyword");

    public static readonly DiagnosticEntry InvalidNamespace =
        new("QNT4006", DiagnosticLevel.Error, "The TfModel item's Namespace '{0}' cannot be a C# namespace; it needs names of letters, digits and '_', joined by dots, and no keyword");

    public static readonly DiagnosticEntry ConverterEnded =
        new("QNT4007", DiagnosticLevel.Error, "The converter ended with code {0} and told of no error; its last words: {1}");

    public static readonly DiagnosticEntry ConversionFailed =
        new("QNT4008", DiagnosticLevel.Error, "The conversion of this model broke off: {0}");

    public static readonly DiagnosticEntry ModelChanging =
        new("QNT4009", DiagnosticLevel.Error, "The model's files changed while they were read; build again when they are complete");

    public static readonly DiagnosticEntry StoreBusy =
        new("QNT4010", DiagnosticLevel.Error, "Another build has been converting models in this folder for more than ten minutes; wait for it or end it, then build again");

    public static readonly DiagnosticEntry RequestUnreadable =
        new("QNT4011", DiagnosticLevel.Error, "This file does not tell which models to convert: {0}");

    public static readonly DiagnosticEntry UnknownMetadata =
        new("QNT4012", DiagnosticLevel.Warning, "The TfModel item '{0}' has the metadata {1}, which the conversion does not know; write {2} where that is meant, or give it another name");

    public static readonly DiagnosticEntry LabelsUnreadable =
        new("QNT4013", DiagnosticLevel.Error, "{Labels} names the file '{0}', which cannot be read: {1}; it needs a text file with one label a line");

    public static readonly DiagnosticEntry LabelsDoNotFit =
        new("QNT4014", DiagnosticLevel.Error, "{Labels} names a file of {0} labels, and no output has that many values: {1}; give one line for each value, in their order");

    public static readonly DiagnosticEntry CustomOperatorsMissing = new(
        "QNT4015",
        DiagnosticLevel.Error,
        "The model has the custom operators {0}, which are none of TFLite's own{1}; write them in C#, and name the class that has them with {CustomOperators}");

    public static readonly DiagnosticEntry UnreadableSignature =
        new("QNT5001", DiagnosticLevel.Error, "No class can be written from this signature: {0}; rebuild the project, with one version of the package");

    public static readonly DiagnosticEntry UnsupportedTensorType = new(
        "QNT5002",
        DiagnosticLevel.Error,
        "The model '{0}': tensor '{1}' of the signature '{2}' has elements of type {3}, which spans cannot carry; choose another signature with SignatureKey");

    public static readonly DiagnosticEntry InvalidGeneratedName =
        new("QNT5003", DiagnosticLevel.Error, "The model '{0}': '{1}' cannot be the name of a {2} in C#; set {3} on the TfModel item");

    public static readonly DiagnosticEntry ClassNameTaken =
        new("QNT5004", DiagnosticLevel.Error, "The model '{0}' would get the class '{1}', but {2}; set ClassName on the TfModel item");

    public static readonly DiagnosticEntry LanguageTooOld =
        new("QNT5005", DiagnosticLevel.Error, "The model '{0}': the class needs C# 12 or later, and this project is compiled as C# {1}; set LangVersion, or remove it");

    public static readonly DiagnosticEntry RuntimeNotReferenced =
        new("QNT5006", DiagnosticLevel.Error, "The model '{0}': the project does not reference Quantize.Runtime, which the class calls; add a PackageReference to it");

    public static readonly DiagnosticEntry CustomOperatorsUnusable = new(
        "QNT5007",
        DiagnosticLevel.Error,
        "The model '{0}': CustomOperators on the TfModel item names the class '{1}', {2}; it needs a static property 'All' of the type IReadOnlyList<CustomOperator>");

    public static readonly DiagnosticEntry TensorFileUnreadable =
        new("QNT6001", DiagnosticLevel.Error, "The tensors cannot be read: {0}");

    public static readonly DiagnosticEntry InputDoesNotFit =
        new("QNT6002", DiagnosticLevel.Error, "The tensors are not what the model wants: {0}");

    public static readonly DiagnosticEntry ModelCannotRun =
        new("QNT6003", DiagnosticLevel.Error, "The model cannot be run: {0}");

    public static readonly DiagnosticEntry OutputNotWritten =
        new("QNT6004", DiagnosticLevel.Error, "The file cannot be written: {0}");

    public static readonly IReadOnlyList<DiagnosticEntry> All =
    [
        ModelNotFound,
        ModelDamaged,
        GitLfsPointer,
        UnknownFormat,
        ModelTooLarge,
        MetaGraphNotFound,
        SignatureNotFound,
        ArrayNotFound,
        ArraysUndetermined,
        UnsupportedOperation,
        InconsistentNode,
        VariableWithoutValue,
        RecursiveFunction,
        SignatureTensorUnsupported,
        AssetNotFound,
        NoSignature,
        InputTypeUnsupported,
        TrainingFlag,
        InputShapeWrong,
        RankUnknown,
        FrontEnd,
        OtherSignatures,
        KerasLayerIsCode,
        KerasLayerUnsupported,
        KerasLayerInconsistent,
        KerasWeightsOnly,
        KerasWeightsMissing,
        KerasFileTooLarge,
        MetadataUnusable,
        PassFault,
        OptionWithoutEffect,
        OutputTooLarge,
        KeepFloatFindsNothing,
        UnsupportedLanguage,
        UnsupportedTargetFramework,
        UnknownMetadataValue,
        SharedClassName,
        InvalidClassName,
        InvalidNamespace,
        ConverterEnded,
        ConversionFailed,
        ModelChanging,
        StoreBusy,
        RequestUnreadable,
        UnknownMetadata,
        LabelsUnreadable,
        LabelsDoNotFit,
        CustomOperatorsMissing,
        UnreadableSignature,
        UnsupportedTensorType,
        InvalidGeneratedName,
        ClassNameTaken,
        LanguageTooOld,
        RuntimeNotReferenced,
        CustomOperatorsUnusable,
        TensorFileUnreadable,
        InputDoesNotFit,
        ModelCannotRun,
        OutputNotWritten,
    ];
}
