using System.CommandLine;
using System.Globalization;
using DotMac.Host.Cluster;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using DotMac.Platform.Audit;

namespace DotMac.Host.Commands;

/// <summary>Checks the audit trails of all tenants; answers 1 when an entry was changed or is missing.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var verify = new Command(
            "verify",
            "Compute every tenant's hash chain anew and name the first entry that is not as it was written."
        );
        verify.SetAction((_, _) => Cli.RunAsync(async (settings, ct) => await VerifyAsync(settings, ct)));
        return new Command("audit", "The audit trail.") { verify };
    }

    private static async Task<int> VerifyAsync(Settings.HostSettings settings, CancellationToken ct)
    {
        await using var installation = await Installation.JoinAsync(settings, ct);
        var platform = installation.Roles.ConnectionString(DatabaseRoles.Platform, 2);
        await using var databases = new Databases(platform, platform, platform);
        var reports = await AuditVerification.VerifyAllAsync(databases, ct);
        foreach (var report in reports)
        {
            var found = report.Ok
                ? $"whole, head {report.Head}"
                : string.Create(CultureInfo.InvariantCulture, $"BROKEN from entry {report.FirstBadSeq}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Tenant}: {report.Checked} entries, {found}"));
        }

        return reports.All(r => r.Ok) ? ExitCodes.Ok : ExitCodes.Failure;
    }
}
