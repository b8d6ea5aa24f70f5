using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DotMac.SystemTests.Harness;

/// <summary>What a host is started with; ports that are 0 are chosen free.</summary>
public sealed record HostOptions
{
    /// <summary>Null: the private cluster.</summary>
    public string? Database { get; init; }
    public string? DataFolder { get; init; }
    public int HttpPort { get; init; }
    public int RadiusAuthPort { get; init; }
    public int RadiusAcctPort { get; init; }
    public IReadOnlyList<string> Command { get; init; } = ["up"];

    /// <summary>Another executable than the platform's: its name in the tests' folder.</summary>
    public string? Executable { get; init; }

    /// <summary>Further settings; an empty value removes one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>The real executable in a process of its own.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.net";
    public const string AdminPassword = "Correct-Horse-7-Battery";
    private readonly StringBuilder output = new();
    private readonly HostOptions options;
    private Process? process;

    private HostProcess(HostOptions options) =>
        this.options = options with
        {
            DataFolder = options.DataFolder ?? Workspace.NewFolder("data"),
            HttpPort = options.HttpPort == 0 ? Ports.Tcp() : options.HttpPort,
            RadiusAuthPort = options.RadiusAuthPort == 0 ? Ports.Udp() : options.RadiusAuthPort,
            RadiusAcctPort = options.RadiusAcctPort == 0 ? Ports.Udp() : options.RadiusAcctPort,
        };

    public string DataFolder => options.DataFolder!;
    public int HttpPort => options.HttpPort;
    public int RadiusAuthPort => options.RadiusAuthPort;
    public int RadiusAcctPort => options.RadiusAcctPort;
    public Uri Address => new($"http://127.0.0.1:{HttpPort.ToString(CultureInfo.InvariantCulture)}");

    public int ProcessId => process?.Id ?? throw new InvalidOperationException("The host was not started.");

    /// <summary>Everything written so far to both outputs.</summary>
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

    /// <summary>Starts and waits for the line Ready.</summary>
    public static async Task<HostProcess> StartAsync(HostOptions? options = null, TimeSpan? patience = null)
    {
        var host = new HostProcess(options ?? new HostOptions());
        host.Launch();
        try
        {
            await host.WaitForAsync("Ready  http", patience ?? TimeSpan.FromSeconds(120));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(HostOptions options, TimeSpan? patience = null)
    {
        await using var host = new HostProcess(options);
        host.Launch();
        var code = await host.WaitForExitAsync(patience ?? TimeSpan.FromSeconds(120));
        return (code, host.Output);
    }

    /// <summary>Starts without waiting.</summary>
    public static HostProcess Launch(HostOptions options)
    {
        var host = new HostProcess(options);
        host.Launch();
        return host;
    }

    public ApiClient Api() => new(Address);

    /// <summary>kill -9.</summary>
    public async Task KillHardAsync()
    {
        process!.Kill();
        await WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Ctrl-C; answers how long the end took.</summary>
    public async Task<TimeSpan> StopGentlyAsync(PosixSignal signal = PosixSignal.SIGINT)
    {
        var start = Stopwatch.GetTimestamp();
        Signal(signal);
        await WaitForExitAsync(TimeSpan.FromSeconds(30));
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Starts again with the same folder, ports and settings.</summary>
    public async Task StartAgainAsync()
    {
        lock (output)
        {
            output.Clear();
        }

        Launch();
        await WaitForAsync("Ready  http", TimeSpan.FromSeconds(120));
    }

    public int ExitCode => process!.ExitCode;

    public bool IsRunning => process is { HasExited: false };

    public async Task WaitForAsync(string text, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (process!.HasExited)
            {
                // The last lines may still be on their way.
                await Task.Delay(200);
                if (Output.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }

                throw new InvalidOperationException($"dotmac ended with {process.ExitCode} before it said \"{text}\":\n{Output}");
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new TimeoutException($"dotmac did not say \"{text}\" within {patience}:\n{Output}");
            }

            await Task.Delay(20);
        }
    }

    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process!.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"dotmac did not end within {patience}:\n{Output}");
        }

        Workspace.Forget(process.Id);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            Signal(PosixSignal.SIGTERM);
            try
            {
                await WaitForExitAsync(TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                await KillHardAsync();
            }
        }

        process?.Dispose();
        process = null;
    }

    private void Launch()
    {
        var executable = options.Executable is { } other
            ? Path.Combine(AppContext.BaseDirectory, other)
            : Environment.GetEnvironmentVariable("DOTMAC_TEST_EXECUTABLE") ?? Path.Combine(AppContext.BaseDirectory, "dotmac");
        // A run in the background of a shell has SIGINT ignored, and hands that on: the host must hear it all the same.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", executable])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = DataFolder,
        };
        foreach (var argument in options.Command)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (
            var key in start
                .Environment.Keys.Where(k =>
                    k.StartsWith("DOTMAC_", StringComparison.Ordinal) || k.StartsWith("OTEL_", StringComparison.Ordinal)
                )
                .ToList()
        )
        {
            start.Environment.Remove(key);
        }

        // A process that lives for seconds gains nothing from counting which branches are taken, and starts sooner without it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTMAC_DATA"] = DataFolder;
        start.Environment["DOTMAC_HTTP_PORT"] = Text(HttpPort);
        start.Environment["DOTMAC_RADIUS_AUTH_PORT"] = Text(RadiusAuthPort);
        start.Environment["DOTMAC_RADIUS_ACCT_PORT"] = Text(RadiusAcctPort);
        start.Environment["DOTMAC_ADMIN_EMAIL"] = AdminEmail;
        start.Environment["DOTMAC_ADMIN_PASSWORD"] = AdminPassword;
        if (options.Database is { } database)
        {
            start.Environment["DOTMAC_DATABASE"] = database;
        }

        foreach (var (key, value) in options.Environment)
        {
            start.Environment[key] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

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

    private void Signal(PosixSignal signal)
    {
        var name = signal == PosixSignal.SIGINT ? "INT" : "TERM";
        using var kill = Process.Start("/bin/kill", ["-" + name, Text(ProcessId)]);
        kill.WaitForExit();
    }
}
