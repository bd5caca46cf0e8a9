using System.Runtime.InteropServices;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>
/// Runs the proxy as in a container whose seccomp profile forbids io_uring: io_uring_setup(2) fails with EPERM. Perl, which every Debian
/// has, installs the filter and becomes the proxy.
/// </summary>
internal static class ForbiddenIoUring
{
    // A filter of classic BPF, four instructions { u16 code, u8 jt, u8 jf, u32 k }:
    //   load the system call's number; if it is 425 (io_uring_setup, the same on x86-64 and arm64) return EPERM, else allow.
    // prctl(PR_SET_NO_NEW_PRIVS = 38, 1), then prctl(PR_SET_SECCOMP = 22, SECCOMP_MODE_FILTER = 2, { u16 length, pointer }).
    private const string Script =
        """
        my $prctl = shift;
        my $filter = pack("SCCL" x 4, 0x20, 0, 0, 0, 0x15, 0, 1, 425, 0x06, 0, 0, 0x00050001, 0x06, 0, 0, 0x7fff0000);
        my $program = pack("Sx6P", 4, $filter);
        syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "no filter: $!";
        exec @ARGV or die "no exec: $!";
        """;

    /// <summary>Starts the proxy with a configuration file.</summary>
    public static ChildProcess Start(string configPath)
    {
        var prctl = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "167" : "157";
        return ChildProcess.Start("perl", ["-e", Script, "--", prctl, ProxyProcess.Executable, "-c", configPath]);
    }
}
