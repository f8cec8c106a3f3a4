using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.VOL.Native;
using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Keras.Files;

/// <summary>
/// An HDF5 file as Keras writes it: groups, texts in attributes, dense tensors. Whatever the reader stumbles over is one diagnostic; tensors are read when they are asked for, one
/// at a time, and never from another file.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    private readonly string _path;
    private readonly MeasuredStream _stream;
    private readonly NativeFile _file;
    private readonly Lock _reading = new();

    private Hdf5File(string path, MeasuredStream stream, NativeFile file)
    {
        _path = path;
        _stream = stream;
        _file = file;
    }

    /// <summary>The path is only for messages.</summary>
    public static Hdf5File Open(string path, Stream stream)
    {
        var measured = new MeasuredStream(stream);
        try
        {
            return new Hdf5File(path, measured, H5File.Open(measured));
        }
        catch (Exception exception) when (IsOfReader(exception))
        {
            measured.Dispose();
            throw Damaged(path, exception);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _stream.Dispose();
    }

    public bool Has(string path) => Read(() => _file.LinkExists(path));

    /// <summary>A text attribute of a group; null where it has none of that name.</summary>
    public string? Text(string group, string attribute) =>
        Read(() => Group(group) is var holder && holder.AttributeExists(attribute) ? Texts(holder.Attribute(attribute)).FirstOrDefault() : null);

    /// <summary>A list of texts; Keras divides long ones among attributes that are numbered from 0.</summary>
    public IReadOnlyList<string> TextList(string group, string attribute) => Read<IReadOnlyList<string>>(() =>
    {
        IH5Group holder = Group(group);
        if (holder.AttributeExists(attribute))
            return Texts(holder.Attribute(attribute));
        List<string> all = [];
        for (int part = 0; holder.AttributeExists(FormattableString.Invariant($"{attribute}{part}")); part++)
            all.AddRange(Texts(holder.Attribute(FormattableString.Invariant($"{attribute}{part}"))));
        return all;
    });

    /// <summary>A tensor as a constant, its bytes read when they are asked for; half and double precision as they are.</summary>
    public Value Tensor(string path, string name)
    {
        (TensorType type, int[] shape) = Read(() => Outline(path, _file.Dataset(path)));
        return Value.Constant(name, type, shape, () => Read(() => Bytes(path, type, shape)));
    }

    private IH5Group Group(string path) => path.Length == 0 ? _file : _file.Group(path);

    private (TensorType Type, int[] Shape) Outline(string path, IH5Dataset dataset)
    {
        int[] shape = [.. dataset.Space.Dimensions.Select(length => checked((int)length))];
        bool isBrain = dataset.AttributeExists("dtype") && Texts(dataset.Attribute("dtype")).FirstOrDefault() == "bfloat16";
        TensorType type = (dataset.Type.Class, dataset.Type.Size) switch
        {
            (_, 2) when isBrain => TensorType.BFloat16,
            (H5DataTypeClass.FloatingPoint, 4) => TensorType.Float32,
            (H5DataTypeClass.FloatingPoint, 2) => TensorType.Float16,
            (H5DataTypeClass.FloatingPoint, 8) => TensorType.Float64,
            (H5DataTypeClass.FixedPoint, 1) => dataset.Type.FixedPoint.IsSigned ? TensorType.Int8 : TensorType.UInt8,
            (H5DataTypeClass.FixedPoint, 4) => TensorType.Int32,
            (H5DataTypeClass.FixedPoint, 8) => TensorType.Int64,
            _ => throw new InvalidDataException($"'{path}' has elements of {dataset.Type.Size} bytes of the class {dataset.Type.Class}"),
        };
        long bytes = shape.Aggregate((long)dataset.Type.Size, (product, length) => checked(product * length));
        bool isPlain = dataset.Layout.Class is H5DataLayoutClass.Compact or H5DataLayoutClass.Contiguous;
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage || bytes > Array.MaxLength || (isPlain && bytes > _stream.Length))
            throw new InvalidDataException($"'{path}' has {bytes} bytes, which this file does not hold");
        return (type, shape);
    }

    private ReadOnlyMemory<byte> Bytes(string path, TensorType type, int[] shape)
    {
        IH5Dataset dataset = _file.Dataset(path);
        if (shape.Contains(0))
            return ReadOnlyMemory<byte>.Empty;
        long before = _stream.BytesRead;
        byte[] bytes = type switch
        {
            TensorType.Float32 => Elements<float>(dataset, shape),
            TensorType.Float64 => Elements<double>(dataset, shape),
            TensorType.Float16 => Elements<Half>(dataset, shape),
            TensorType.BFloat16 => Elements<ushort>(dataset, shape),
            TensorType.Int8 => Elements<sbyte>(dataset, shape),
            TensorType.UInt8 => Elements<byte>(dataset, shape),
            TensorType.Int32 => Elements<int>(dataset, shape),
            _ => Elements<long>(dataset, shape),
        };
        bool isPlain = dataset.Layout.Class == H5DataLayoutClass.Contiguous;
        if (_stream.BytesRead - before < (isPlain ? bytes.Length : 1) && dataset.Layout.Class != H5DataLayoutClass.Compact)
            throw new InvalidDataException($"the elements of '{path}' are not in this file");
        return bytes;
    }

    private static byte[] Elements<T>(IH5Dataset dataset, int[] shape)
        where T : unmanaged
    {
        T[] elements = shape.Length == 0 ? [dataset.Read<T>()] : dataset.Read<T[]>();
        int count = shape.Aggregate(1, (product, length) => checked(product * length));
        return elements.Length == count
            ? MemoryMarshal.AsBytes(elements.AsSpan()).ToArray()
            : throw new InvalidDataException($"a tensor of {count} elements has {elements.Length}");
    }

    private static string[] Texts(IH5Attribute attribute) =>
        attribute.Space.Dimensions.Length == 0 ? [attribute.Read<string>()] : attribute.Space.Dimensions[0] == 0 ? [] : attribute.Read<string[]>();

    private T Read<T>(Func<T> read)
    {
        lock (_reading)
        {
            try
            {
                return read();
            }
            catch (Exception exception) when (IsOfReader(exception))
            {
                throw Damaged(_path, exception);
            }
        }
    }

    /// <summary>PureHDF throws exceptions of every kind, plain ones too, where a file is not as it should be.</summary>
    private static bool IsOfReader(Exception exception) => exception is not ConversionException;

    private static ConversionException Damaged(string path, Exception exception) =>
        ConversionException.Damaged(path, $"its HDF5 structure is broken or not one that Keras writes ({exception.Message.TrimEnd('.')})", exception);
}
