using System.Collections.Concurrent;
using System.Text;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Format;

/// <summary>
/// A .tflite file as objects: everything but the constants' bytes, which stay where they are. Reading checks every index, so what follows may trust them.
/// </summary>
internal sealed class TfLiteModel : IDisposable
{
    private const string Identifier = "TFL3";
    private const string GitLfsPointer = "version https://git-lfs";

    private readonly ModelBytes _bytes;
    private readonly ConcurrentDictionary<Tensor, byte[]> _dense = new();

    private TfLiteModel(ModelBytes bytes) => _bytes = bytes;

    public Subgraph[] Subgraphs { get; private set; } = [];

    public Signature[] Signatures { get; private set; } = [];

    /// <summary>Named blobs, for instance <c>min_runtime_version</c> and the arithmetic form.</summary>
    public IReadOnlyDictionary<string, Range> Metadata { get; private set; } = new Dictionary<string, Range>();

    public string Description { get; private set; } = "";

    public int ByteLength => _bytes.Span.Length;

    public static TfLiteModel Read(ModelBytes bytes)
    {
        var model = new TfLiteModel(bytes);
        try
        {
            new ModelReader(bytes.Span, model).Read();
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        return model;
    }

    public ReadOnlySpan<byte> Bytes(Range range) => _bytes.Span[range];

    /// <summary>The elements of a constant; a sparse one's are put in their places once.</summary>
    public ReadOnlySpan<byte> Data(Tensor tensor) => tensor.Sparsity is null ? _bytes.Span[tensor.Data!.Value] : Dense(tensor);

    public void Dispose() => _bytes.Dispose();

    /// <summary>One pass over the file.</summary>
    private byte[] Dense(Tensor tensor) => _dense.GetOrAdd(tensor, sparse => Densification.Run(sparse, sparse.Sparsity!, _bytes.Span[sparse.Data!.Value]));

    private readonly ref struct ModelReader(ReadOnlySpan<byte> file, TfLiteModel model)
    {
        private readonly ReadOnlySpan<byte> _file = file;

        public void Read()
        {
            CheckIdentifier();
            TableReader root = TableReader.Root(_file);
            int version = root.Int32(0);
            if (version != 3)
                throw new ModelFormatException($"the schema version is {version}; only version 3 is known");

            Range[] buffers = ReadBuffers(root.Vector(4, 4));
            OperatorCode[] codes = ReadOperatorCodes(root.Vector(1, 4));
            TableReader.VectorReader subgraphs = root.Vector(2, 4);
            if (subgraphs.Count == 0)
                throw new ModelFormatException("the file has no subgraph");
            model.Subgraphs = new Subgraph[subgraphs.Count];
            for (int i = 0; i < subgraphs.Count; i++)
                model.Subgraphs[i] = ReadSubgraph(subgraphs.Table(i), buffers, codes);
            model.Signatures = ReadSignatures(root.Vector(7, 4));
            model.Metadata = ReadMetadata(root.Vector(6, 4), buffers);
            model.Description = root.String(3);
        }

        private void CheckIdentifier()
        {
            if (_file.IsEmpty)
                throw new ModelFormatException("the file is empty");
            if (_file.StartsWith(Encoding.ASCII.GetBytes(GitLfsPointer)))
                throw new ModelFormatException("the file is a Git LFS pointer, not the model itself: run 'git lfs pull'");
            if (_file.Length < 8 || !_file.Slice(4, 4).SequenceEqual(Encoding.ASCII.GetBytes(Identifier)))
                throw new ModelFormatException($"bytes 4 to 7 are not '{Identifier}': this is not a TFLite file");
        }

        private Range[] ReadBuffers(TableReader.VectorReader tables)
        {
            var buffers = new Range[tables.Count];
            for (int i = 0; i < buffers.Length; i++)
            {
                TableReader table = tables.Table(i);
                long offset = table.Int64(1);
                long size = table.Int64(2);
                if (offset > 1)
                {
                    if (size < 0 || offset > _file.Length - size)
                        throw new ModelFormatException($"buffer {i} lies at byte {offset} with {size} bytes, but the file has {_file.Length}: it is truncated or damaged");
                    buffers[i] = (int)offset..(int)(offset + size);
                }
                else
                {
                    TableReader.VectorReader data = table.Vector(0, 1);
                    buffers[i] = data.Start..(data.Start + data.Count);
                }
            }

            return buffers;
        }

        private static OperatorCode[] ReadOperatorCodes(TableReader.VectorReader tables)
        {
            var codes = new OperatorCode[tables.Count];
            for (int i = 0; i < codes.Length; i++)
            {
                TableReader table = tables.Table(i);
                int code = Math.Max(table.Int8(0), table.Int32(3));
                codes[i] = new OperatorCode((BuiltinOperator)code, table.String(1), table.Int32(2, 1));
            }

            return codes;
        }

        private Subgraph ReadSubgraph(TableReader table, Range[] buffers, OperatorCode[] codes)
        {
            TableReader.VectorReader tensorTables = table.Vector(0, 4);
            var tensors = new Tensor[tensorTables.Count];
            TableReader.VectorReader operatorTables = table.Vector(3, 4);
            var operators = new Operator[operatorTables.Count];
            for (int i = 0; i < operators.Length; i++)
                operators[i] = ReadOperator(operatorTables.Table(i), i, codes, tensors.Length);

            int[] inputs = CheckedTensors(table.Int32Vector(1), tensors.Length, "a graph input", optional: false);
            HashSet<int> filled = [.. inputs, .. operators.SelectMany(op => op.Outputs)];
            for (int i = 0; i < tensors.Length; i++)
                tensors[i] = ReadTensor(tensorTables.Table(i), i, buffers, filled.Contains(i));
            foreach (Tensor tensor in tensors)
                tensor.Blockwise = BlockwiseReader.Read(tensorTables.Table(tensor.Index), tensor, tensors, _file);

            return new Subgraph(
                table.String(4),
                tensors,
                inputs,
                CheckedTensors(table.Int32Vector(2), tensors.Length, "a graph output", optional: false),
                operators);
        }

        private Tensor ReadTensor(TableReader table, int index, Range[] buffers, bool isFilled)
        {
            string name = table.String(3);
            int[] shape = table.Int32Vector(0);
            int[] signature = table.Int32Vector(7);
            var type = (TensorType)table.Int8(1);
            if (!Enum.IsDefined(type))
                throw new ModelFormatException($"tensor {index} '{name}' has the unknown element type {(int)type}");
            long elements = 1;
            foreach (int dimension in shape)
            {
                elements *= dimension;
                if (dimension < 0 || elements > int.MaxValue)
                    throw new ModelFormatException($"tensor {index} '{name}' has the impossible shape [{string.Join(',', shape)}]");
            }

            if (signature.Length != 0 && signature.Length != shape.Length)
                throw new ModelFormatException($"tensor {index} '{name}' has {shape.Length} dimensions but a shape signature of {signature.Length}");

            int buffer = table.Index(2);
            if (buffer >= buffers.Length)
                throw new ModelFormatException($"tensor {index} '{name}' uses buffer {buffer}; the file has {buffers.Length}");
            Range data = buffers[buffer];
            int available = data.End.Value - data.Start.Value;
            bool isConstant = (buffer != 0 && available > 0) || (elements == 0 && !isFilled); // a constant without elements has no bytes
            Sparsity? sparsity = isConstant && table.TryTable(6, out TableReader sparse) ? SparsityReader.Read(sparse) : null;
            if (isConstant && sparsity is null && type.Bits() != 0 && available < type.ByteCount(elements))
            {
                throw new ModelFormatException(
                    $"constant {index} '{name}' of shape [{string.Join(',', shape)}] needs {type.ByteCount(elements)} bytes but has {available}");
            }

            return new Tensor
            {
                Index = index,
                Name = name,
                Type = type,
                Shape = shape,
                ShapeSignature = signature.Length == 0 ? shape : signature,
                HasRank = shape.Length > 0 || table.Bool(8),
                Quantization = ReadQuantization(table, index, name, shape),
                IsVariable = table.Bool(5),
                Data = isConstant ? data : null,
                Sparsity = sparsity,
            };
        }

        private static QuantizationParameters? ReadQuantization(TableReader tensor, int index, string name, int[] shape)
        {
            if (!tensor.TryTable(4, out TableReader table))
                return null;
            float[] scales = table.SingleVector(2);
            if (scales.Length == 0)
                return null;
            long[] zeroPoints = table.Int64Vector(3);
            int axis = table.Int32(6);
            if (zeroPoints.Length == 0)
                zeroPoints = new long[scales.Length];
            if (zeroPoints.Length == 1 && scales.Length > 1)
                zeroPoints = [.. Enumerable.Repeat(zeroPoints[0], scales.Length)];
            if (zeroPoints.Length != scales.Length)
                throw new ModelFormatException($"tensor {index} '{name}' has {scales.Length} scales but {zeroPoints.Length} zero points");
            if (scales.Length > 1 && ((uint)axis >= (uint)shape.Length || shape[axis] != scales.Length))
                throw new ModelFormatException($"tensor {index} '{name}' has {scales.Length} scales along axis {axis}, but its shape is [{string.Join(',', shape)}]");
            return new QuantizationParameters(scales, zeroPoints, axis);
        }

        private Operator ReadOperator(TableReader table, int index, OperatorCode[] codes, int tensorCount)
        {
            int codeIndex = table.Index(0);
            if (codeIndex >= codes.Length)
                throw new ModelFormatException($"operator {index} uses operator code {codeIndex}; the file has {codes.Length}");
            OperatorCode code = codes[codeIndex];
            TableReader.VectorReader custom = table.Vector(5, 1);
            return new Operator(
                code.Code,
                code.CustomCode,
                code.Version,
                CheckedTensors(table.Int32Vector(1), tensorCount, $"an input of operator {index}", optional: true),
                CheckedTensors(table.Int32Vector(2), tensorCount, $"an output of operator {index}", optional: false),
                CheckedTensors(table.Int32Vector(8), tensorCount, $"an intermediate tensor of operator {index}", optional: true),
                code.Code == BuiltinOperator.Custom ? new CustomOptions(code.CustomCode, _file.Slice(custom.Start, custom.Count).ToArray()) : ReadOptions(table, code.Code),
                custom.Start..(custom.Start + custom.Count));
        }

        private static OperatorOptions ReadOptions(TableReader table, BuiltinOperator code)
        {
            OperatorOptions options = Ops.OperatorOptionsTable.Create(code);
            TableReader fields = default;
            bool present = (options.Type != OptionsType.None && table.UInt8(3) == (byte)options.Type && table.TryTable(4, out fields))
                || (options.Type2 != OptionsType2.None && table.UInt8(11) == (byte)options.Type2 && table.TryTable(12, out fields));
            if (!present)
                fields = default;
            var reader = new OptionReader(fields);
            options.Fields(ref reader);
            return options;
        }

        private Signature[] ReadSignatures(TableReader.VectorReader tables)
        {
            var signatures = new Signature[tables.Count];
            for (int i = 0; i < signatures.Length; i++)
            {
                TableReader table = tables.Table(i);
                int subgraph = table.Index(4);
                if (subgraph >= model.Subgraphs.Length)
                    throw new ModelFormatException($"signature {i} names subgraph {subgraph}; the file has {model.Subgraphs.Length}");
                int tensorCount = model.Subgraphs[subgraph].Tensors.Length;
                signatures[i] = new Signature(table.String(2), subgraph, ReadEntries(table.Vector(0, 4), tensorCount), ReadEntries(table.Vector(1, 4), tensorCount));
            }

            return signatures;
        }

        private static SignatureEntry[] ReadEntries(TableReader.VectorReader tables, int tensorCount)
        {
            var entries = new SignatureEntry[tables.Count];
            for (int i = 0; i < entries.Length; i++)
            {
                TableReader table = tables.Table(i);
                entries[i] = new SignatureEntry(table.String(0), table.Index(1));
                if (entries[i].Tensor >= tensorCount)
                    throw new ModelFormatException($"signature key '{entries[i].Key}' stands for tensor {entries[i].Tensor}; the subgraph has {tensorCount}");
            }

            return entries;
        }

        private static Dictionary<string, Range> ReadMetadata(TableReader.VectorReader tables, Range[] buffers)
        {
            var metadata = new Dictionary<string, Range>();
            for (int i = 0; i < tables.Count; i++)
            {
                TableReader table = tables.Table(i);
                int buffer = table.Index(1);
                if (buffer < buffers.Length)
                    metadata[table.String(0)] = buffers[buffer];
            }

            return metadata;
        }

        private static int[] CheckedTensors(int[] indices, int count, string what, bool optional)
        {
            foreach (int index in indices)
            {
                if (index >= count || index < (optional ? -1 : 0))
                    throw new ModelFormatException($"{what} is tensor {index}; the subgraph has {count}");
            }

            return indices;
        }
    }

    private sealed record OperatorCode(BuiltinOperator Code, string CustomCode, int Version);
}
