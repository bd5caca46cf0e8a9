using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>A listener on an <see cref="IoUringEventLoop"/>.</summary>
/// <remarks>
/// One operation accepts one connection after the other. Without that feature an operation tells that somebody waits, and
/// plain system calls accept.
/// </remarks>
internal sealed class IoUringServerChannel : ListenChannel, IIoUringChannel, IIoUringReader
{
    // Accepted while nobody wanted to accept.
    private readonly Queue<int> _held = new();

    private ulong _number;
    private bool _watched;
    private bool _touched;
    private bool _accepting;
    private bool _cancelling;
    private bool _isReader;

    /// <summary>A listener for an address like <paramref name="local"/>.</summary>
    public IoUringServerChannel(EndPoint local, SystemCalls calls)
        : base(local, calls)
    {
    }

    private IoUringEventLoop Loop => (IoUringEventLoop)EventLoop;

    private ulong AcceptData => UserData.Of(OperationKind.Accept, _number);

    /// <inheritdoc/>
    public bool Prepare()
    {
        _touched = false;
        var hasFired = FireHeld();
        if (_accepting)
        {
            CancelUnlessWanted();
        }
        else if (AcceptWanted)
        {
            _accepting = true;
            Loop.Start(
                Loop.Features.MultishotAccept
                    ? Submissions.Accept(Socket.Descriptor, AcceptData)
                    : Submissions.AwaitInput(Socket.Descriptor, AcceptData));
        }

        return hasFired;
    }

    /// <inheritdoc/>
    public void OnCompletion(OperationKind kind, in CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _accepting = false;
            _cancelling = false;
            Loop.Finish();
        }

        if (Loop.Features.MultishotAccept)
        {
            OnAccepted(completion.Result);
        }
        else if (Open && completion.Result > 0)
        {
            AcceptTurn();
        }

        if (Open)
        {
            Touch();
        }
        else if (!_accepting)
        {
            Loop.Leave(_number);
        }
    }

    /// <inheritdoc/>
    public void CompleteRead()
    {
        if (_isReader && Open)
        {
            Pipeline.FireChannelReadComplete();
        }

        _isReader = false;
    }

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is IoUringEventLoop;

    /// <inheritdoc/>
    protected override StreamChannel NewChild(NativeSocket socket) => new IoUringSocketChannel(this, socket, Calls);

    /// <inheritdoc/>
    protected override void Watch()
    {
        _number = Loop.Enter(this);
        _watched = true;
    }

    /// <inheritdoc/>
    protected override void ContinueAccepting() => Touch();

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_watched)
        {
            _watched = false;
            CloseHeld();
            if (_accepting)
            {
                // The operation has the socket too, and only its end frees the address.
                Loop.Cancel(AcceptData);
                Loop.SubmitNow();
            }
            else
            {
                Loop.Leave(_number);
            }
        }

        if (Registered)
        {
            Loop.BeforeClose();
        }

        Socket.Close();
    }

    private void OnAccepted(int result)
    {
        if (result < 0)
        {
            if (Open && result != -Errno.Canceled)
            {
                FireAcceptFailed(-result);
            }
        }
        else if (!Open)
        {
            _ = LibC.Close(result);
        }
        else if (AcceptWanted && _held.Count == 0)
        {
            Fire(result);
        }
        else
        {
            _held.Enqueue(result);
        }
    }

    private void AcceptTurn()
    {
        for (var taken = 0; taken < MaxAcceptsPerTurn && AcceptWanted; taken++)
        {
            var result = Calls.Accept(Socket.Descriptor);
            if (result == -Errno.Again)
            {
                return;
            }

            if (result >= 0)
            {
                Fire(result);
            }
            else
            {
                FireAcceptFailed(-result);
            }
        }
    }

    private bool FireHeld()
    {
        var any = false;
        while (AcceptWanted && _held.TryDequeue(out var descriptor))
        {
            Fire(descriptor);
            any = true;
        }

        return any;
    }

    private void Fire(int descriptor)
    {
        FireAccepted(descriptor);
        if (!_isReader)
        {
            _isReader = true;
            Loop.AddReader(this);
        }
    }

    private void CancelUnlessWanted()
    {
        if (!AcceptWanted && !_cancelling)
        {
            _cancelling = true;
            Loop.Cancel(AcceptData);
        }
    }

    private void CloseHeld()
    {
        while (_held.TryDequeue(out var descriptor))
        {
            _ = LibC.Close(descriptor);
        }
    }

    private void Touch()
    {
        if (!_touched && _watched)
        {
            _touched = true;
            Loop.Touch(this);
        }
    }
}
