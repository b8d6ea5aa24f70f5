using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DotMac.Bench.Load;

/// <summary>
/// Waits for a socket with the kernel's own precision. <see cref="Socket.Poll(int, SelectMode)"/> rounds down to milliseconds, so that a
/// driver that paces itself below that would spin on the cores it shares with the server, and measure itself.
/// </summary>
internal sealed partial class Readiness(Socket socket)
{
    private const short PollIn = 1; // poll(2)

    private PollFd descriptor = new() { Fd = (int)socket.Handle, Events = PollIn };

    /// <summary>True when something can be read; false when the time (in ticks of <see cref="Stopwatch"/>) is over.</summary>
    public bool Wait(long stopwatchTicks)
    {
        var nanoseconds = (long)(stopwatchTicks * (1_000_000_000.0 / Stopwatch.Frequency));
        var time = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        return Poll(ref descriptor, 1, ref time, IntPtr.Zero) > 0;
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Poll(ref PollFd descriptors, nuint count, ref TimeSpec time, IntPtr signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
