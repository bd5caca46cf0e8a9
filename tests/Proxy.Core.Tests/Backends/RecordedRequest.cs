using System.Text;
using NUnit.Framework;
using Proxy.Core.Backends;

namespace Proxy.Core.Tests.Backends;

/// <summary>Writes down what a connection does with it.</summary>
internal sealed class RecordedRequest : InFlight
{
    private readonly StringBuilder _reply = new();

    public string Reply => _reply.ToString();

    /// <summary>The replies before the last one.</summary>
    public List<string> InterimReplies { get; } = [];

    public int Parts { get; private set; }

    public bool IsWhole { get; private set; }

    public bool IsRecycled { get; private set; }

    public BackendFailure? Failure { get; private set; }

    /// <summary>Is done when its reply is whole.</summary>
    public Action? Replied { get; init; }

    /// <summary>Whoever takes the reply has no room, and says nothing when it has.</summary>
    public bool HasNoRoom { get; init; }

    public override bool IsCongested => HasNoRoom;

    public override void WhenDrained(IServerLink connection)
    {
    }

    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        Parts++;
        _reply.Append(Encoding.Latin1.GetString(bytes));
        IsWhole |= last;
        if (last)
        {
            Replied?.Invoke();
        }
    }

    public override void OnInterimReply(ReadOnlySpan<byte> reply, byte kind)
    {
        Assert.That(kind, Is.EqualTo(reply[0]));
        InterimReplies.Add(Encoding.Latin1.GetString(reply));
    }

    public override void OnFailure(BackendFailure failure) => Failure = failure;

    public override void Recycle() => IsRecycled = true;
}
