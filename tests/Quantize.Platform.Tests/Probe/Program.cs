using Quantize.Probe;

ProbeReport.Write(Console.Out, speed: !args.Contains("--no-speed"));
