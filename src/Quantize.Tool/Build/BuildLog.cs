using System.Text;
using System.Text.Json;
using Quantize.Build;

namespace Quantize.Tool.Build;

/// <summary>What the verb <c>build</c> prints: one JSON object a line, in ASCII. May be called from any thread.</summary>
internal sealed class BuildLog(Stream output)
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n", AutoFlush = true };

    public bool HasErrors { get; private set; }

    public void Say(ModelDiagnostic diagnostic) => Print(diagnostic.Entry.Level == DiagnosticLevel.Error, BuildLine.Of(diagnostic));

    public void Ready(ModelJob job, StoredModel stored, string state, TimeSpan time) => Print(isError: false, new BuildLine
    {
        Kind = BuildLine.Model,
        Source = job.Request.Source,
        ClassName = stored.ClassName,
        ResourceName = stored.ResourceName,
        TfLite = stored.TfLite,
        Signature = stored.Signature,
        State = state,
        Milliseconds = (long)time.TotalMilliseconds,
    });

    private void Print(bool isError, BuildLine line)
    {
        string text = JsonSerializer.Serialize(line, BuildJson.Default.BuildLine);
        lock (_lock)
        {
            HasErrors |= isError;
            _writer.WriteLine(text);
        }
    }
}
