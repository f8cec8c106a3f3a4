using System.Diagnostics;
using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tool.Build;

/// <summary>Brings all models of a project up to date. One that fails leaves nothing behind, and does not keep the others from being converted.</summary>
internal sealed class ProjectBuild
{
    private const int SideBySide = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly BuildRequest _request;
    private readonly Func<ConversionRequest, ConversionResult> _convert;
    private readonly BuildLog _log;
    private readonly ModelStore _full;
    private readonly ModelStore _store;
    private readonly StoreWriter _writer;

    public ProjectBuild(BuildRequest request, Func<ConversionRequest, ConversionResult> convert, BuildLog log)
    {
        _request = request;
        _convert = convert;
        _log = log;
        _full = ModelStore.Full(request);
        _store = request.DesignTime ? ModelStore.Design(request) : _full;
        _writer = new StoreWriter(_store);
    }

    public void Run()
    {
        using FileStream? held = StoreLock.Take(_store.Root, Patience);
        if (held is null)
        {
            _log.Say(new(DiagnosticTable.StoreBusy, _store.Root));
            return;
        }

        _writer.RemoveUnfinished();
        IReadOnlyList<ModelJob> jobs = JobReader.Read(_request, _log);
        Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, Run);
        if (!_log.HasErrors)
            _writer.KeepUsed(_request.User, jobs.Select(job => job.Key));
    }

    private void Run(ModelJob job)
    {
        try
        {
            BringUpToDate(job);
        }
        catch (ConversionException e)
        {
            foreach (ModelDiagnostic diagnostic in e.Diagnostics)
                _log.Say(diagnostic);
        }
        catch (Exception e)
        {
            // Whatever a model may do to the converter, its build ends with an id and the model's name; the others are not to suffer.
            _log.Say(new(DiagnosticTable.ConversionFailed, job.Request.Path, $"{e.GetType().Name}: {e.Message}"));
        }
    }

    private void BringUpToDate(ModelJob job)
    {
        var clock = Stopwatch.StartNew();
        var files = ModelFiles.Of(job.Request);
        string fileState = files.State();
        if ((_full.Fresh(job.Key, fileState) ?? _store.Fresh(job.Key, fileState)) is { } ready)
        {
            _log.Ready(job, ready, BuildLine.UpToDate, clock.Elapsed);
            return;
        }

        string result = job.Result(_request.ToolVersion, _request.DesignTime ? fileState : files.Content());
        var stamp = new ModelStamp(fileState, result, job.ClassName, job.ResourceName);
        bool exists = _store.Result(stamp) is not null;
        if (!exists)
            _writer.WriteResult(result, folder => Convert(job, files, fileState, folder));
        _writer.WriteStamp(job.Key, stamp);
        _log.Ready(job, _store.Place(stamp), exists ? BuildLine.UpToDate : BuildLine.Converted, clock.Elapsed);
    }

    private void Convert(ModelJob job, ModelFiles files, string fileState, string folder)
    {
        ConversionResult converted = _convert(job.Conversion);
        foreach (ModelDiagnostic warning in converted.Warnings)
            _log.Say(warning);
        ModelSignature signature = converted.Signature with
        {
            ClassName = job.ClassName,
            Namespace = job.Namespace,
            ResourceName = job.ResourceName,
            Source = job.Source,
        };
        string file = Path.Combine(folder, job.ClassName);
        if (!job.Conversion.SignatureOnly)
            WriteModel(file + ".tflite", converted.Model.Span);
        File.WriteAllText(file + ".signature", signature.Format());
        if (files.State() != fileState)
            throw new ConversionException(DiagnosticTable.ModelChanging, job.Request.Path);
    }

    private static void WriteModel(string path, ReadOnlySpan<byte> model)
    {
        using FileStream stream = File.Create(path);
        stream.Write(model);
    }
}
