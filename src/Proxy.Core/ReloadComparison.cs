using Proxy.Core.Model;

namespace Proxy.Core;

/// <summary>What differs between what runs and what shall run.</summary>
internal static class ReloadComparison
{
    /// <summary>Compares two models.</summary>
    public static ReloadSummary Compare(ProxyModel before, ProxyModel after)
    {
        var added = after.Pools.Where(pool => Find(before, pool.Name) is null).Select(pool => pool.Name);
        var removed = before.Pools.Where(pool => Find(after, pool.Name) is null).Select(pool => pool.Name);
        var changed = after.Pools.Where(pool => Find(before, pool.Name) is { } old && !PoolComparison.AreSame(pool, old)).Select(pool => pool.Name);
        var restart = new List<string>();
        if (before.Process.Threads != after.Process.Threads)
        {
            restart.Add("threads");
        }

        if (before.Process.Transport != after.Process.Transport)
        {
            restart.Add("transport");
        }

        if (before.Process.IoUringWait != after.Process.IoUringWait)
        {
            restart.Add("io_uring_wait_us");
        }

        if (before.Process.IoUringWaitReads != after.Process.IoUringWaitReads)
        {
            restart.Add("io_uring_wait_reads");
        }

        if (before.Process.Admin?.Text != after.Process.Admin?.Text)
        {
            restart.Add("admin");
        }

        if (before.Process.Stats?.Text != after.Process.Stats?.Text)
        {
            restart.Add("stats");
        }

        foreach (var pool in after.Pools)
        {
            // An open listener keeps what it was opened with.
            var open = before.Pools.FirstOrDefault(old => old.Listen.Text == pool.Listen.Text);
            if (open is not null && Listening(open) != Listening(pool))
            {
                restart.Add($"pools.{pool.Name}: backlog, tcpkeepalive, reuseport or the socket's mode");
            }
        }

        return new ReloadSummary([.. added], [.. changed], [.. removed], restart);
    }

    private static PoolModel? Find(ProxyModel model, string name) => model.Pools.FirstOrDefault(pool => pool.Name == name);

    private static (int Backlog, bool Keepalive, bool ReusePort, UnixFileMode? Mode) Listening(PoolModel pool) =>
        (pool.Backlog, pool.TcpKeepalive, pool.ReusePort, pool.Listen.Mode);
}
