// Publishing takes both cores of a small machine, and speeds are measured.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
