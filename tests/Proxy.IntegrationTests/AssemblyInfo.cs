using System.Runtime.Versioning;
using NUnit.Framework;

// Most of a test's time is waiting for other processes; each fixture has servers and a proxy of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]

// Signals, /proc and Unix sockets.
[assembly: SupportedOSPlatform("linux")]
