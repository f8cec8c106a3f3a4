using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quantize.Platform.Tests;

/// <summary>Serves the files of a folder to this machine only, and takes what the page posts to <c>report</c>.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, string> _files;
    private readonly TaskCompletionSource<string> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PageServer(string folder)
    {
        _files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => "/" + Path.GetRelativePath(folder, file).Replace('\\', '/'));
        Address = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    /// <summary>What the page posted, once it has.</summary>
    public Task<string> Report => _report.Task;

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        try
        {
            while (true)
                await Answer(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            _report.TrySetCanceled(); // the server was closed
        }
    }

    private async Task Answer(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        if (path == "/report")
        {
            _report.TrySetResult(await new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadToEndAsync());
        }
        else if (_files.TryGetValue(path == "/" ? "/index.html" : path, out string? file))
        {
            context.Response.ContentType = ContentType(file);
            await context.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
        }
        else
        {
            context.Response.StatusCode = 404;
        }

        context.Response.Close();
    }

    private static string ContentType(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html",
        ".js" => "text/javascript",
        ".json" => "application/json",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
