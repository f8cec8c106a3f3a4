using System.CommandLine;
using Quantize.Benchmarks;
using Quantize.Benchmarks.Kernels;
using Quantize.Benchmarks.Peak;
using Quantize.Benchmarks.Peers;
using Quantize.Benchmarks.Recurrent;
using Quantize.Benchmarks.Threads;

if (args is [StartCommand.Child, var runtime, var file])
    return StartCommand.RunChild(runtime, file);

var root = new RootCommand("Speed of Quantize.Runtime: beside ONNX Runtime, beside what the core can do, and of 8-bit recurrent cells beside float ones.")
{
    PeersCommand.Create(),
    LayersCommand.Create(),
    StartCommand.Create(),
    PeakCommand.Create(),
    KernelsCommand.Create(),
    ArenaCommand.Create(),
    ThreadsCommand.Create(),
    RepeatCommand.Create(),
    RecurrentCommand.Create(),
    LoopsCommand.Create(),
};
return root.Parse(args).Invoke();
