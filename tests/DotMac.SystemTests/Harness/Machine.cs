using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace DotMac.SystemTests.Harness;

/// <summary>
/// A small machine of its own on this kernel: own network, processes, mounts (with an empty /run) and name. It has no name that could
/// collide, and nothing of it outlives the test run: its first process reads a pipe from the test process and ends when the pipe closes
/// (kill -9 included); with it the kernel ends every process inside and takes the network and its cables away.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private readonly Process holder;
    private readonly string first;
    private readonly List<MachineProcess> processes = [];

    private Machine(Process holder, string first, string name)
    {
        this.holder = holder;
        this.first = first;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Why a test that needs machines with these programs is skipped; null when it runs (in CI always, to fail there).</summary>
    internal static string? Skip(string[] programs) =>
        Peer.Skip(["ip", "unshare", "nsenter", "ping", .. programs])
        ?? (Peer.IsCi || Environment.IsPrivilegedProcess ? null : "machines of their own need root: unshare --net --pid --mount");

    public static async Task<Machine> StartAsync(string name)
    {
        var start = new ProcessStartInfo(
            Peer.Require("unshare"),
            ["--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", Peer.Require("cat")]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var holder = Process.Start(start)!;
        Workspace.Track(holder.Id);
        var first = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                if (holder.HasExited)
                {
                    throw new InvalidOperationException("unshare: " + await holder.StandardError.ReadToEndAsync());
                }

                first = (await ReadAsync($"/proc/{Text(holder.Id)}/task/{Text(holder.Id)}/children")).Trim();
                // Until it is cat, its /proc is not mounted yet.
                return first.Length > 0 && (await ReadAsync($"/proc/{first}/comm")).Trim() == "cat";
            },
            $"the machine {name} is there"
        );
        var machine = new Machine(holder, first, name);
        await machine.MustAsync("mount", "-t", "tmpfs", "tmpfs", "/run");
        await machine.MustAsync("ip", "link", "set", "lo", "up");
        return machine;
    }

    /// <summary>Lays a cable to another machine; addresses with their prefix length, empty for none.</summary>
    public async Task CableAsync(string port, string address, Machine other, string otherPort, string otherAddress)
    {
        await HereAsync("link", "add", port, "netns", first, "type", "veth", "peer", "name", otherPort, "netns", other.first);
        await BringUpAsync(port, address);
        await other.BringUpAsync(otherPort, otherAddress);
        await RunningAsync(port);
        await other.RunningAsync(otherPort);
    }

    /// <summary>Lays a cable from port eth0 to the machine the tests run on.</summary>
    public async Task<(IPAddress Here, IPAddress Machine)> CableToHereAsync()
    {
        var (here, there) = FreePair();
        var port = "dm" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        await HereAsync("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", first);
        await HereAsync("addr", "add", here + "/30", "dev", port);
        await HereAsync("link", "set", port, "up");
        await BringUpAsync("eth0", there + "/30");
        await RunningAsync("eth0");
        return (here, there);
    }

    private async Task BringUpAsync(string port, string address)
    {
        if (address.Length > 0)
        {
            await MustAsync("ip", "addr", "add", address, "dev", port);
        }

        await MustAsync("ip", "link", "set", port, "up");
    }

    /// <summary>The kernel tells of the carrier up to a second after both ends are up; programs refuse a port without it.</summary>
    private Task RunningAsync(string port) =>
        Eventually.IsTrueAsync(
            async () => (await MustAsync("ip", "-o", "link", "show", "dev", port)).Contains(" state UP ", StringComparison.Ordinal),
            $"{Name}: {port} has a carrier"
        );

    /// <summary>Runs a program in it to its end.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments) =>
        Peer.RunAsync("nsenter", null, [.. Enter, Peer.Require(program), .. arguments]);

    /// <summary>Runs a program in it that must succeed; answers what it printed.</summary>
    public async Task<string> MustAsync(string program, params string[] arguments)
    {
        var (code, output) = await RunAsync(program, arguments);
        code.ShouldBe(0, $"{Name}: {program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Starts a program in it that stays; it ends with the machine.</summary>
    public MachineProcess Start(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var process = new MachineProcess(Peer.Require("nsenter"), [.. Enter, Peer.Require(program), .. arguments], environment);
        processes.Add(process);
        return process;
    }

    /// <summary>A path inside as it is seen from outside.</summary>
    public string Outside(string path) => $"/proc/{first}/root{path}";

    /// <summary>All that the programs in it have written, for the message of a failure.</summary>
    public string Log() => string.Concat(processes.Select(p => $"── {Name}: {p.Name}\n{p.Output}\n"));

    public async ValueTask DisposeAsync()
    {
        holder.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await holder.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            holder.Kill();
        }

        Workspace.Forget(holder.Id);
        holder.Dispose();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    private string[] Enter => ["--target", first, "--net", "--mount", "--pid", "--uts"];

    private static async Task HereAsync(params string[] arguments)
    {
        var (code, output) = await Peer.RunAsync("ip", null, arguments);
        code.ShouldBe(0, $"ip {string.Join(' ', arguments)}\n{output}");
    }

    /// <summary>Two addresses of 198.18.0.0/15 (kept for measurements, RFC 2544) whose /30 nobody here has.</summary>
    private static (IPAddress Here, IPAddress There) FreePair()
    {
        var taken = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .ToHashSet();
        while (true)
        {
            var block = RandomNumberGenerator.GetInt32(0x8000) * 4;
            IPAddress At(int host) => new([198, (byte)(18 + (block >> 16)), (byte)(block >> 8), (byte)(block + host)]);
            if (!taken.Contains(At(1)) && !taken.Contains(At(2)))
            {
                return (At(1), At(2));
            }
        }
    }

    private static async Task<string> ReadAsync(string path)
    {
        try
        {
            return await File.ReadAllTextAsync(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A program that runs until it is disposed of, with everything it has written.</summary>
public sealed class MachineProcess : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;
    private bool isOver;

    internal MachineProcess(string program, IReadOnlyList<string> arguments, (string Name, string Value)[] environment)
    {
        Name = string.Join(' ', arguments.SkipWhile(a => a.StartsWith('-') || a.All(char.IsDigit)).Take(1).Select(Path.GetFileName));
        process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        foreach (var (name, value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Waits until it has written a text.</summary>
    public Task WaitForAsync(string text, TimeSpan? patience = null) =>
        WaitForAsync(() => Output.Contains(text, StringComparison.Ordinal), $"{Name} says \"{text}\"", patience);

    /// <summary>Waits for something that it brings about; fails at once when it ends before.</summary>
    public async Task WaitForAsync(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        try
        {
            await Eventually.IsTrueAsync(
                () =>
                    condition() || !process.HasExited
                        ? Task.FromResult(condition())
                        : throw new InvalidOperationException($"{Name} ended before: {what}"),
                what,
                patience
            );
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException(e.Message + "\n" + Output, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isOver)
        {
            return;
        }

        isOver = true;
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Workspace.Forget(process.Id);
        process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
