using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.IoUring;

/// <summary>The memory that a ring shares with the kernel.</summary>
internal sealed unsafe class RingMapping : IDisposable
{
    private const long QueuesOffset = 0;
    private const long EntriesOffset = 0x10000000;

    private readonly nuint _queuesLength;
    private readonly nuint _entriesLength;
    private byte* _queues;
    private byte* _entries;

    /// <summary>Maps the queues of <paramref name="ring"/>, which was made with <paramref name="parameters"/>.</summary>
    /// <exception cref="IoUringException">There is no room.</exception>
    public RingMapping(int ring, in RingParameters parameters)
    {
        var submission = parameters.Submission.Array + (parameters.SubmissionEntries * sizeof(uint));
        var completion = parameters.Completion.Completions + (parameters.CompletionEntries * (uint)sizeof(CompletionEntry));
        _queuesLength = Math.Max(submission, completion);
        _entriesLength = parameters.SubmissionEntries * (uint)sizeof(SubmissionEntry);
        _queues = Map(ring, _queuesLength, QueuesOffset);
        try
        {
            _entries = Map(ring, _entriesLength, EntriesOffset);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The submissions.</summary>
    public SubmissionEntry* Entries => (SubmissionEntry*)_entries;

    /// <summary>A number of the queues.</summary>
    public uint* Number(uint offset) => (uint*)(_queues + offset);

    /// <summary>The completions.</summary>
    public CompletionEntry* Completions(uint offset) => (CompletionEntry*)(_queues + offset);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_queues is not null)
        {
            RingCalls.Unmap(_queues, _queuesLength);
            _queues = null;
        }

        if (_entries is not null)
        {
            RingCalls.Unmap(_entries, _entriesLength);
            _entries = null;
        }
    }

    private static byte* Map(int ring, nuint length, long offset)
    {
        var result = RingCalls.Map(ring, length, offset, out var address);
        return result == 0 ? address : throw new IoUringException("mapping the ring", -result);
    }
}
