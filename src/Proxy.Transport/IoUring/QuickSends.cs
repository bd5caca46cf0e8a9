using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Loops;

namespace Proxy.Transport.IoUring;

/// <summary>
/// The sends of a turn that make a completion only if they were not done completely. One whose completion is not there when the call that takes
/// the submission returns is done: the kernel posts those before.
/// </summary>
/// <param name="slots">The channels by their numbers.</param>
internal sealed class QuickSends(ChannelSlots<IIoUringChannel> slots)
{
    private readonly List<IoUringOutput> _sending = [];

    /// <summary>None is to be settled.</summary>
    public bool IsEmpty => _sending.Count == 0;

    /// <summary>A send of this channel was queued.</summary>
    public void Add(IoUringOutput output) => _sending.Add(output);

    /// <summary>A send was not done completely.</summary>
    public void Note(in CompletionEntry completion) =>
        (slots.Find(UserData.Number(completion.UserData)) as IoUringSocketChannel)?.Output.NoteQuickSend(completion.Result);

    /// <summary>The kernel has taken all sends, and its completions are in <paramref name="completions"/>: tells the channels what became of theirs.</summary>
    public void Settle(CompletionInbox completions)
    {
        if (_sending.Count == 0)
        {
            return;
        }

        var available = completions.Count;
        for (var i = 0; i < available; i++)
        {
            var completion = completions[i];
            if (UserData.Kind(completion.UserData) == OperationKind.QuickSend)
            {
                Note(completion);
            }
        }

        // By index: what a write's completion leads to prepares nothing before the next turn.
        for (var i = 0; i < _sending.Count; i++)
        {
            try
            {
                _sending[i].Settle();
            }
            catch (Exception bug)
            {
                LoopLog.PollFailed(bug);
                _sending[i].Abort(bug);
            }
        }

        _sending.Clear();
    }
}
