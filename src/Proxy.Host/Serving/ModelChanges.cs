using Proxy.Core.Model;

namespace Proxy.Host.Serving;

/// <summary>What differs between two models of the process and only counts at a start.</summary>
internal static class ModelChanges
{
    /// <summary>The keys, as they stand in the file.</summary>
    public static IReadOnlyList<string> NeedRestart(ProcessModel before, ProcessModel after)
    {
        var keys = new List<string>();
        Add("threads", before.Threads != after.Threads);
        Add("transport", before.Transport != after.Transport);
        Add("io_uring_wait_us", before.IoUringWait != after.IoUringWait);
        Add("io_uring_wait_reads", before.IoUringWaitReads != after.IoUringWaitReads);
        Add("admin", before.Admin?.Text != after.Admin?.Text);
        Add("stats", before.Stats?.Text != after.Stats?.Text);
        Add("log", before.Log.File != after.Log.File || before.Log.Format != after.Log.Format);
        return keys;

        void Add(string key, bool differs)
        {
            if (differs)
            {
                keys.Add(key);
            }
        }
    }
}
