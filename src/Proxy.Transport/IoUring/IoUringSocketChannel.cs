using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// A stream connection on an <see cref="IoUringEventLoop"/>: its operations, and how it begins and ends. How it receives and sends is written in
/// <see cref="IoUringInput"/> and <see cref="IoUringOutput"/>.
/// </summary>
/// <remarks>
/// Closing. What was flushed and not handed over yet is sent by a plain system call first. The descriptor is closed at once; buffers and
/// the channel's number stay until the last operation has completed.
/// </remarks>
internal sealed class IoUringSocketChannel : StreamChannel, IIoUringChannel
{
    private readonly IoUringInput _input;
    private readonly IoUringOutput _output;
    private ulong _number;
    private int _operations;
    private bool _entered;
    private bool _touched;
    private bool _awaitsConnection;

    /// <summary>A channel that is to be connected to an address like <paramref name="remote"/>.</summary>
    public IoUringSocketChannel(EndPoint remote, SystemCalls calls)
        : base(NativeSocket.Open(remote), calls)
    {
        _input = new IoUringInput(this);
        _output = new IoUringOutput(this);
    }

    /// <summary>The channel of an accepted connection.</summary>
    public IoUringSocketChannel(IoUringServerChannel parent, NativeSocket socket, SystemCalls calls)
        : base(parent, socket, calls)
    {
        _input = new IoUringInput(this);
        _output = new IoUringOutput(this);
    }

    /// <summary>The descriptor is given back: what still completes is only put away.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Its loop; once it is registered.</summary>
    public IoUringEventLoop Loop => (IoUringEventLoop)EventLoop;

    /// <summary>Its sending half, to which the loop tells what became of quick sends.</summary>
    public IoUringOutput Output => _output;

    /// <inheritdoc/>
    protected override bool OutputBlocked => _output.IsBlocked;

    /// <inheritdoc/>
    public override void Watch()
    {
        if (!_entered)
        {
            _entered = true;
            _number = Loop.Enter(this);
        }

        if (Connecting)
        {
            Touch();
        }
    }

    /// <inheritdoc/>
    public bool Prepare()
    {
        _touched = false;
        if (IsClosed)
        {
            return false;
        }

        if (Connecting && !_awaitsConnection)
        {
            _awaitsConnection = true;
            Start(Submissions.AwaitOutput(Socket.Descriptor, Data(OperationKind.Connect)));
        }

        if (!Active)
        {
            return false;
        }

        _input.Prepare();
        return _output.Prepare();
    }

    /// <inheritdoc/>
    public void OnCompletion(OperationKind kind, in CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _operations--;
            Loop.Finish();
        }

        switch (kind)
        {
            case OperationKind.Receive:
                _input.OnReceived(completion);
                break;
            case OperationKind.Send:
                _output.OnSent(completion.Result);
                break;
            case OperationKind.Connect:
                _awaitsConnection = false;
                if (Connecting && !IsClosed)
                {
                    CompleteConnect();
                }

                break;
            default:
                _input.OnError(completion);
                break;
        }

        LeaveIfDone();
    }

    /// <summary>What names an operation of the channel.</summary>
    public ulong Data(OperationKind kind) => UserData.Of(kind, _number);

    /// <summary>Queues an operation; the channel keeps its number until it has completed.</summary>
    public void Start(in SubmissionEntry entry)
    {
        _operations++;
        Loop.Start(entry);
    }

    /// <summary>Ends an operation whose completion is there and waits behind others.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="result">The system's.</param>
    /// <returns>False if it goes on.</returns>
    public bool TryEnd(OperationKind kind, out int result)
    {
        var ended = Loop.TryTakeCompletion(Data(kind), out var completion);
        result = completion.Result;
        if (ended)
        {
            _operations--;
            Loop.Finish();
        }

        return ended;
    }

    /// <summary>There is something to do: <see cref="Prepare"/> is called before the loop enters the kernel again.</summary>
    public void Touch()
    {
        if (!_touched && !IsClosed && _entered)
        {
            _touched = true;
            Loop.Touch(this);
        }
    }

    /// <summary>Gives the number back if nothing of a closed channel is pending any more.</summary>
    public void LeaveIfDone()
    {
        if (IsClosed && _entered && _operations == 0 && !_output.IsSending)
        {
            _entered = false;
            Loop.Leave(_number);
        }
    }

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is IoUringEventLoop;

    /// <inheritdoc/>
    protected override void OnReadCleared() => Touch();

    /// <inheritdoc/>
    protected override void DoBeginRead() => _input.Request();

    /// <inheritdoc/>
    protected override void Send(WriteBatch batch, ChannelOutboundBuffer outbound) => _output.Send(batch, outbound);

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input) => _output.Write(input);

    /// <inheritdoc/>
    protected override bool DrainInput() => _input.Drain();

    /// <inheritdoc/>
    protected override void DoClose()
    {
        try
        {
            if (Registered)
            {
                // Our FIN, too, goes behind what is queued.
                Loop.BeforeClose();
            }

            if (Active)
            {
                _output.SendNow();
            }
        }
        finally
        {
            base.DoClose();
        }
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        IsClosed = true;
        _output.Cancel();
        if (_awaitsConnection)
        {
            Loop.Cancel(Data(OperationKind.Connect));
        }

        _input.Cancel();
        Socket.Close();
        _input.Release();
        _output.Release();
        LeaveIfDone();
    }
}
