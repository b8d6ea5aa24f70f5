using System.Diagnostics;

namespace DotMac.SystemTests.Harness;

/// <summary>Real programs the tests talk to. Missing: a loud skip on a developer's machine, a failure in CI.</summary>
public static class Peer
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["radclient"] = "freeradius-utils",
        ["freeradius"] = "freeradius",
        ["chromium"] = "chromium",
        ["psql"] = "postgresql-client",
        ["promtool"] = "prometheus",
        ["ip"] = "iproute2",
        ["ping"] = "iputils-ping",
        ["unshare"] = "util-linux",
        ["nsenter"] = "util-linux",
        ["charon"] = "strongswan-charon libcharon-extra-plugins libcharon-extauth-plugins libstrongswan-standard-plugins",
        ["swanctl"] = "strongswan-swanctl",
        ["wpa_supplicant"] = "wpasupplicant",
        ["kea-dhcp4"] = "kea-dhcp4-server",
        ["dhcrelay"] = "isc-dhcp-relay",
        ["dhclient"] = "isc-dhcp-client",
        ["eapol_test"] = "eapoltest",
    };

    public static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Full path, or null when not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin:/usr/lib/ipsec")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public static string Require(string program) => Find(program) ?? throw new InvalidOperationException(Missing(program));

    internal static string Missing(string program) =>
        $"{program} is not installed: apt-get install {Packages.GetValueOrDefault(program, program)}";

    /// <summary>Why a test that needs these programs is skipped; null when it runs (in CI always, to fail there).</summary>
    internal static string? Skip(string[] programs) =>
        IsCi ? null : programs.Where(program => Find(program) is null).Select(Missing).FirstOrDefault();

    /// <summary>Runs a program to its end with a text on its standard input; answers exit code and both outputs.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Require(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var outputs = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        var texts = await outputs;
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(texts));
    }
}

/// <summary>A fact that needs installed programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] programs) => Skip = Peer.Skip(programs);
}

/// <summary>A theory that needs installed programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] programs) => Skip = Peer.Skip(programs);
}

/// <summary>A fact that needs machines of its own (see <see cref="Machine"/>) and installed programs for them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MachineFactAttribute : FactAttribute
{
    public MachineFactAttribute(params string[] programs) => Skip = Machine.Skip(programs);
}

/// <summary>A theory that needs machines of its own and installed programs for them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MachineTheoryAttribute : TheoryAttribute
{
    public MachineTheoryAttribute(params string[] programs) => Skip = Machine.Skip(programs);
}
