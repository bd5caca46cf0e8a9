using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Native;

namespace Proxy.Transport.Epoll;

/// <summary>A listener on an <see cref="EpollEventLoop"/>.</summary>
internal sealed class EpollServerChannel : ListenChannel, IEpollChannel
{
    private ulong _number;
    private bool _watched;
    private bool _waiting;
    private bool _accepting;
    private bool _continues;

    /// <summary>A listener for an address like <paramref name="local"/>.</summary>
    public EpollServerChannel(EndPoint local, SystemCalls calls)
        : base(local, calls)
    {
    }

    private EpollEventLoop Loop => (EpollEventLoop)EventLoop;

    /// <inheritdoc/>
    public void OnReady(uint mask)
    {
        _waiting = true;
        AcceptIfWanted();
    }

    /// <inheritdoc/>
    public void OnContinue()
    {
        _continues = false;
        AcceptIfWanted();
    }

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is EpollEventLoop;

    /// <inheritdoc/>
    protected override StreamChannel NewChild(NativeSocket socket) => new EpollSocketChannel(this, socket, Calls);

    /// <inheritdoc/>
    protected override void Watch()
    {
        _number = Loop.Watch(this, Socket.Descriptor);
        _watched = true;
    }

    /// <inheritdoc/>
    protected override void ContinueAccepting()
    {
        if (_waiting && !_accepting && !_continues)
        {
            _continues = true;
            Loop.Continue(this);
        }
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_watched)
        {
            _watched = false;
            Loop.Unwatch(_number);
        }

        Socket.Close();
    }

    private void AcceptIfWanted()
    {
        if (!_waiting || !AcceptWanted)
        {
            return;
        }

        _accepting = true;
        try
        {
            AcceptTurn();
        }
        finally
        {
            _accepting = false;
        }

        if (Open)
        {
            Pipeline.FireChannelReadComplete();
        }

        if (AcceptWanted)
        {
            ContinueAccepting();
        }
    }

    private void AcceptTurn()
    {
        for (var taken = 0; taken < MaxAcceptsPerTurn && AcceptWanted; taken++)
        {
            var result = Calls.Accept(Socket.Descriptor);
            if (result >= 0)
            {
                FireAccepted(result);
            }
            else if (result == -Errno.Again)
            {
                _waiting = false;
                return;
            }
            else
            {
                FireAcceptFailed(-result);
            }
        }
    }
}
