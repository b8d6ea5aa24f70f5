using System.Diagnostics;

namespace DotMac.Host.Cluster;

/// <summary>
/// The operating-system account PostgreSQL runs as: this process's own, or <c>postgres</c> when this process is root,
/// because PostgreSQL refuses to run as root.
/// </summary>
internal sealed class ServerAccount
{
    private readonly bool switches;

    private ServerAccount(bool switches) => this.switches = switches;

    public static ServerAccount Choose() => new(Environment.IsPrivilegedProcess);

    /// <summary>Null when usable, else what is wrong and the mend.</summary>
    public async Task<string?> FaultAsync(CancellationToken ct)
    {
        if (!switches)
        {
            return null;
        }

        var (code, _) = await RunAsync("true", [], ct);
        return code == 0
            ? null
            : $"This process is root and the account \"postgres\" cannot be used to run PostgreSQL. {PostgresBinaries.Mend}";
    }

    /// <summary>True when the account can reach into <paramref name="folder"/>, that is, every parent lets it pass.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken ct) =>
        !switches || (await RunAsync("test", ["-x", folder], ct)).Code == 0;

    /// <summary>Gives <paramref name="path"/> to the account, for it alone.</summary>
    public async Task OwnAsync(string path, CancellationToken ct)
    {
        if (switches)
        {
            await PlainAsync("chown", ["postgres:postgres", path], ct);
        }
    }

    /// <summary>Runs a program as the account; answers its exit code and both outputs together.</summary>
    public Task<(int Code, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct) =>
        switches ? PlainAsync("runuser", ["-u", "postgres", "--", program, .. arguments], ct) : PlainAsync(program, arguments, ct);

    private static async Task<(int Code, string Output)> PlainAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // The outputs go through files, not pipes: a daemon that the program leaves behind would hold a pipe open for ever.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        var output = Path.GetTempFileName();
        try
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null");
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(output);
            start.ArgumentList.Add(program);
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, (await File.ReadAllTextAsync(output, ct)).Trim());
        }
        finally
        {
            File.Delete(output);
        }
    }
}
