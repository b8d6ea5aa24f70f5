using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>Debian's FreeRADIUS, run from the directory that <c>dotmac freeradius config</c> wrote.</summary>
public sealed class FreeRadiusServer : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    private FreeRadiusServer(Process process, string folder, int authPort, int acctPort)
    {
        this.process = process;
        Folder = folder;
        AuthPort = authPort;
        AcctPort = acctPort;
    }

    public string Folder { get; }
    public int AuthPort { get; }
    public int AcctPort { get; }

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

    /// <summary>Writes a directory for the tenant and answers its path.</summary>
    public static async Task<string> WriteAsync(HostFixture host, string way, string tenant, params string[] more)
    {
        var folder = Path.Combine(Workspace.NewFolder("fr-" + way), "raddb");
        var (code, said) = await CliAsync(host, ["freeradius", "config", "--tenant", tenant, "--way", way, "--out", folder, .. more]);
        code.ShouldBe(0, said);
        return folder;
    }

    public static Task<(int ExitCode, string Output)> CliAsync(HostFixture host, params string[] command) =>
        HostProcess.RunAsync(
            new HostOptions
            {
                Database = host.Database.Owner,
                DataFolder = host.Host.DataFolder,
                HttpPort = host.Host.HttpPort,
                Command = command,
            }
        );

    public static async Task<FreeRadiusServer> StartAsync(HostFixture host, string way, string tenant = "default", params string[] more)
    {
        var (auth, acct) = (Ports.Udp(), Ports.Udp());
        var folder = await WriteAsync(
            host,
            way,
            tenant,
            [
                "--auth-port",
                auth.ToString(CultureInfo.InvariantCulture),
                "--acct-port",
                acct.ToString(CultureInfo.InvariantCulture),
                "--client-lifetime",
                "5",
                "--reject-delay",
                "0",
                .. more,
            ]
        );
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Peer.Require("freeradius"), ["-X", "-d", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        var server = new FreeRadiusServer(process, folder, auth, acct);
        process.OutputDataReceived += (_, line) => server.Append(line.Data);
        process.ErrorDataReceived += (_, line) => server.Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException(server.Output)
                    : Task.FromResult(server.Output.Contains("Ready to process requests", StringComparison.Ordinal)),
            "FreeRADIUS is ready",
            TimeSpan.FromSeconds(90)
        );
        return server;
    }

    /// <summary>An Access-Request by radclient.</summary>
    public Task<RadclientAnswer> AskAsync(TestNas nas, string attributes) => nas.RadclientAsync(attributes, port: AuthPort);

    /// <summary>An Accounting-Request by radclient.</summary>
    public Task<RadclientAnswer> AccountAsync(TestNas nas, string attributes, double waitSeconds = 20) =>
        nas.RadclientAsync(attributes, "acct", port: AcctPort, waitSeconds: waitSeconds);

    /// <summary>An Access-Request by the library's client: for the octets of the answer.</summary>
    public Task<RadiusExchange> ExchangeAsync(TestNas nas, RequestBuilder request) =>
        new RadiusClient(TimeProvider.System, IPAddress.Parse(nas.Address)).SendAsync(
            new IPEndPoint(IPAddress.Loopback, AuthPort),
            request.Build(nas.SecretBytes),
            nas.SecretBytes,
            new RetryPolicy { Tries = 5, FirstWait = TimeSpan.FromSeconds(2) },
            default
        );

    public async ValueTask DisposeAsync()
    {
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
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
