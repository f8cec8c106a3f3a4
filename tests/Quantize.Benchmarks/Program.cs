using System.CommandLine;
using Quantize.Benchmarks.Peak;
using Quantize.Benchmarks.Peers;
using Quantize.Benchmarks.Threads;

var root = new RootCommand("Speed of Quantize.Runtime: beside ONNX Runtime, and beside what the core can do.")
{
    PeersCommand.Create(),
    LayersCommand.Create(),
    PeakCommand.Create(),
    ThreadsCommand.Create(),
    RepeatCommand.Create(),
};
return root.Parse(args).Invoke();
