using System.Net.Sockets;

namespace Proxy.Transport.Native;

/// <summary>Linux's error numbers (asm-generic/errno.h, the same on x86-64 and arm64), and what .NET calls them.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int BadDescriptor = 9;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Invalid = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int NoSpace = 28;
    public const int BrokenPipe = 32;
    public const int NoSystemCall = 38;
    public const int NoNetwork = 64;
    public const int Protocol = 71;
    public const int NoProtocolOption = 92;
    public const int NotSupported = 95;
    public const int FamilyNotSupported = 97;
    public const int AddressInUse = 98;
    public const int AddressNotAvailable = 99;
    public const int NetworkDown = 100;
    public const int NetworkUnreachable = 101;
    public const int ConnectionAborted = 103;
    public const int ConnectionReset = 104;
    public const int NoBuffers = 105;
    public const int IsConnected = 106;
    public const int NotConnected = 107;
    public const int Shutdown = 108;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
    public const int HostDown = 112;
    public const int HostUnreachable = 113;
    public const int Already = 114;
    public const int InProgress = 115;
    public const int Canceled = 125;
    public const int Time = 62;

    /// <summary>The exception for an error number.</summary>
    public static SocketException ToException(int errno) => new((int)ToSocketError(errno));

    private static SocketError ToSocketError(int errno) => errno switch
    {
        NotPermitted or AccessDenied => SocketError.AccessDenied,
        // A Unix socket without its file: nobody listens there, as .NET says it too.
        NoEntry => SocketError.AddressNotAvailable,
        Interrupted => SocketError.Interrupted,
        BadDescriptor or Canceled => SocketError.OperationAborted,
        Again => SocketError.WouldBlock,
        NoMemory or NoBuffers or NoSpace => SocketError.NoBufferSpaceAvailable,
        Invalid => SocketError.InvalidArgument,
        TooManyFiles or TooManyFilesInSystem => SocketError.TooManyOpenSockets,
        BrokenPipe or Shutdown => SocketError.Shutdown,
        NotSupported or NoSystemCall => SocketError.OperationNotSupported,
        FamilyNotSupported => SocketError.AddressFamilyNotSupported,
        AddressInUse => SocketError.AddressAlreadyInUse,
        AddressNotAvailable => SocketError.AddressNotAvailable,
        NetworkDown => SocketError.NetworkDown,
        NetworkUnreachable => SocketError.NetworkUnreachable,
        ConnectionAborted => SocketError.ConnectionAborted,
        ConnectionReset => SocketError.ConnectionReset,
        IsConnected => SocketError.IsConnected,
        NotConnected => SocketError.NotConnected,
        TimedOut => SocketError.TimedOut,
        ConnectionRefused => SocketError.ConnectionRefused,
        HostDown => SocketError.HostDown,
        HostUnreachable => SocketError.HostUnreachable,
        Already => SocketError.AlreadyInProgress,
        InProgress => SocketError.InProgress,
        _ => SocketError.SocketError,
    };
}
