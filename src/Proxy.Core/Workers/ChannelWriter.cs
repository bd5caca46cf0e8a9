using DotNetty.Transport.Channels;

namespace Proxy.Core.Workers;

/// <summary>
/// Hands the blocks of an out-buffer to a channel, with one flush. What becomes of each write is looked at and forgotten: that a
/// peer is gone the channel itself tells, and a failed task that nobody looked at would end in the log as a crash.
/// </summary>
/// <remarks>One per worker, used on its loop only.</remarks>
internal sealed class ChannelWriter
{
    private readonly Stack<List<Task>> _lists = [];

    /// <summary>Looks at a task of which only the end matters.</summary>
    public static void Forget(Task task)
    {
        if (task.IsCompleted)
        {
            _ = task.Exception;
        }
        else
        {
            _ = task.ContinueWith(
                static done => _ = done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Writes all of <paramref name="output"/>.</summary>
    public void Write(IChannel channel, OutBuffer output) => Write(channel, output, isPatient: false);

    /// <summary>Writes <paramref name="output"/> as far as the channel's peer keeps up; the rest stays.</summary>
    /// <returns>Bytes handed to the channel.</returns>
    public long WriteWhileWritable(IChannel channel, OutBuffer output) => Write(channel, output, isPatient: true);

    private long Write(IChannel channel, OutBuffer output, bool isPatient)
    {
        var before = output.Length;
        List<Task>? promised = null;
        while ((!isPatient || channel.IsWritable) && output.TakeFirst() is { } block)
        {
            // Where writes are unpromised each is complete at once, and there is nothing to keep.
            var write = channel.WriteAsync(block.ToReadable());
            if (!write.IsCompletedSuccessfully)
            {
                // What the flush leads to may write to another channel, which then has a list of its own.
                promised ??= _lists.TryPop(out var list) ? list : [];
                promised.Add(write);
            }
        }

        var written = before - output.Length;
        if (written > 0)
        {
            channel.Flush();
        }

        if (promised is not null)
        {
            ForgetAll(promised);
        }

        return written;
    }

    private void ForgetAll(List<Task> writes)
    {
        foreach (var write in writes)
        {
            if (!write.IsCompletedSuccessfully)
            {
                Forget(write);
            }
        }

        writes.Clear();
        _lists.Push(writes);
    }
}
