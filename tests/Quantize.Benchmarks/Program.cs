using System.CommandLine;
using Quantize.Benchmarks.Peak;
using Quantize.Benchmarks.Peers;
using Quantize.Benchmarks.Recurrent;

var root = new RootCommand("Speed of Quantize.Runtime: beside ONNX Runtime, beside what the core can do, and of 8-bit recurrent cells beside float ones.")
{
    PeersCommand.Create(),
    LayersCommand.Create(),
    PeakCommand.Create(),
    RecurrentCommand.Create(),
};
return root.Parse(args).Invoke();
