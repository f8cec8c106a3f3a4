using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Within a function, an input is <c>node:argument:number</c>. This turns an output argument's name into the number of the output. The model may bring the
/// definitions of its operations along; the table holds those that have several output arguments (an operation with one needs no name).
/// </summary>
internal sealed class OperatorOutputs
{
    /// <summary>Output arguments in order; behind a star the attribute that counts or lists the tensors of one.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["ApproxTopK"] = "values indices",
        ["Batch"] = "batched_tensors*T batch_index id",
        ["BlockLSTM"] = "i cs f o ci co h",
        ["BlockLSTMV2"] = "i cs f o ci co h",
        ["CTCBeamSearchDecoder"] = "decoded_indices*top_paths decoded_values*top_paths decoded_shape*top_paths log_probability",
        ["CTCGreedyDecoder"] = "decoded_indices decoded_values decoded_shape log_probability",
        ["CombinedNonMaxSuppression"] = "nmsed_boxes nmsed_scores nmsed_classes valid_detections",
        ["DecodeWav"] = "audio sample_rate",
        ["Eig"] = "e v",
        ["FusedBatchNorm"] = "y batch_mean batch_variance reserve_space_1 reserve_space_2",
        ["FusedBatchNormV2"] = "y batch_mean batch_variance reserve_space_1 reserve_space_2",
        ["FusedBatchNormV3"] = "y batch_mean batch_variance reserve_space_1 reserve_space_2 reserve_space_3",
        ["GRUBlockCell"] = "r u c h",
        ["LSTMBlockCell"] = "i cs f o ci co h",
        ["ListDiff"] = "out idx",
        ["LogMatrixDeterminant"] = "sign log_abs_determinant",
        ["LookupTableExportV2"] = "keys values",
        ["Lu"] = "lu p",
        ["MaxPoolWithArgmax"] = "output argmax",
        ["Merge"] = "output value_index",
        ["NonMaxSuppressionV4"] = "selected_indices valid_outputs",
        ["NonMaxSuppressionV5"] = "selected_indices selected_scores valid_outputs",
        ["ParseExample"] = "sparse_indices*Nsparse sparse_values*sparse_types sparse_shapes*Nsparse dense_values*Tdense",
        ["ParseExampleV2"] = "sparse_indices*num_sparse sparse_values*sparse_types sparse_shapes*num_sparse dense_values*Tdense ragged_values*ragged_value_types ragged_row_splits*ragged_split_types",
        ["ParseSingleExample"] = "sparse_indices*num_sparse sparse_values*sparse_types sparse_shapes*num_sparse dense_values*Tdense",
        ["Qr"] = "q r",
        ["QuantizeV2"] = "output output_min output_max",
        ["RaggedGather"] = "output_nested_splits*OUTPUT_RAGGED_RANK output_dense_values",
        ["RaggedRange"] = "rt_nested_splits rt_dense_values",
        ["RefMerge"] = "output value_index",
        ["RefSwitch"] = "output_false output_true",
        ["SelfAdjointEigV2"] = "e v",
        ["SoftmaxCrossEntropyWithLogits"] = "loss backprop",
        ["SparseAdd"] = "sum_indices sum_values sum_shape",
        ["SparseConcat"] = "output_indices output_values output_shape",
        ["SparseCross"] = "output_indices output_values output_shape",
        ["SparseFillEmptyRows"] = "output_indices output_values empty_row_indicator reverse_index_map",
        ["SparseReorder"] = "output_indices output_values",
        ["SparseReshape"] = "output_indices output_shape",
        ["SparseSlice"] = "output_indices output_values output_shape",
        ["SparseSoftmaxCrossEntropyWithLogits"] = "loss backprop",
        ["SparseSplit"] = "output_indices*num_split output_values*num_split output_shape*num_split",
        ["StatelessRandomGetKeyCounter"] = "key counter",
        ["StatelessRandomGetKeyCounterAlg"] = "key counter alg",
        ["StringNGrams"] = "ngrams ngrams_splits",
        ["StringSplit"] = "indices values shape",
        ["StringSplitV2"] = "indices values shape",
        ["Svd"] = "s u v",
        ["Switch"] = "output_false output_true",
        ["TensorArrayConcat"] = "value lengths",
        ["TensorArrayConcatV2"] = "value lengths",
        ["TensorArrayConcatV3"] = "value lengths",
        ["TensorArrayV3"] = "handle flow",
        ["TensorListConcat"] = "tensor lengths",
        ["TensorListConcatV2"] = "tensor lengths",
        ["TensorListPopBack"] = "output_handle tensor",
        ["TopK"] = "values indices",
        ["TopKUnique"] = "topk topk_indices",
        ["TopKV2"] = "values indices",
        ["TopKWithUnique"] = "topk topk_indices",
        ["UnicodeDecode"] = "row_splits char_values",
        ["Unique"] = "y idx",
        ["UniqueV2"] = "y idx",
        ["UniqueWithCounts"] = "y idx count",
        ["UniqueWithCountsV2"] = "y idx count",
    };

    private readonly Dictionary<string, string[]> _arguments = new(StringComparer.Ordinal);

    public OperatorOutputs(IEnumerable<OpDef> definitions)
    {
        foreach (OpDef definition in definitions)
            _arguments[definition.Name] = [.. definition.OutputArg.Select(Written)];
    }

    /// <summary>The number of an output, given its argument and its place therein.</summary>
    public int Number(string op, IReadOnlyDictionary<string, object> attributes, string argument, int place)
    {
        if (!_arguments.TryGetValue(op, out string[]? arguments))
            arguments = Known.TryGetValue(op, out string? row) ? row.Split(' ') : [];
        int number = 0;
        foreach (string written in arguments)
        {
            int star = written.IndexOf('*');
            if ((star < 0 ? written : written[..star]) == argument)
                return number + place;
            number += star < 0 ? 1 : Length(attributes, written[(star + 1)..]);
        }

        return place;
    }

    private static string Written(OpDef.Types.ArgDef argument) =>
        (argument.NumberAttr + argument.TypeListAttr) is { Length: > 0 } attribute ? argument.Name + "*" + attribute : argument.Name;

    private static int Length(IReadOnlyDictionary<string, object> attributes, string name) => attributes.GetValueOrDefault(name) switch
    {
        long count => (int)Math.Clamp(count, 0, int.MaxValue / 2),
        Array list => list.Length,
        _ => 1,
    };
}
