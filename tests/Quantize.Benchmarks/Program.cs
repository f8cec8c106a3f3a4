using System.CommandLine;
using Quantize.Benchmarks.Peak;
using Quantize.Benchmarks.Peers;
using Quantize.Benchmarks.Threads;

if (args is [StartCommand.Child, var runtime, var file])
    return StartCommand.RunChild(runtime, file);

var root = new RootCommand("Speed of Quantize.Runtime: beside ONNX Runtime, and beside what the core can do.")
{
    PeersCommand.Create(),
    LayersCommand.Create(),
    StartCommand.Create(),
    PeakCommand.Create(),
    ThreadsCommand.Create(),
    RepeatCommand.Create(),
};
return root.Parse(args).Invoke();
