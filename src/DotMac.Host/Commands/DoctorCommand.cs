using System.CommandLine;
using DotMac.Host.Cluster;
using DotMac.Host.Settings;
using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.Host.Commands;

/// <summary>Looks at every dependency, changes nothing, and says what to do about each that fails.</summary>
internal static class DoctorCommand
{
    /// <param name="What">The dependency in words.</param>
    /// <param name="Fault">Null when it is well; else what is wrong and the mend.</param>
    private sealed record Finding(string What, string? Fault);

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Check settings, data folder, PostgreSQL, schema, ports and telemetry receiver, and say the mend."
        );
        command.SetAction((_, _) => Cli.RunAsync(ExamineAsync));
        return command;
    }

    private static async Task<int> ExamineAsync(HostSettings settings, CancellationToken ct)
    {
        var sick = false;
        await foreach (var finding in FindingsAsync(settings, ct))
        {
            sick |= finding.Fault is not null;
            Console.WriteLine(finding.Fault is null ? $"ok    {finding.What}" : $"FAIL  {finding.What}: {finding.Fault}");
        }

        return sick ? ExitCodes.Failure : ExitCodes.Ok;
    }

    private static async IAsyncEnumerable<Finding> FindingsAsync(
        HostSettings settings,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return new Finding("Settings", null);
        var folder = await DataFolder.ResolveAsync(settings, ct);
        var holder = DataFolder.RunningHolder(folder);
        yield return new Finding($"Data folder {folder}" + (holder is null ? "" : $", in use by process {holder}"), Writable(folder));

        string? owner = settings.Database;
        if (owner is null)
        {
            var binaries = PostgresBinaries.Find();
            yield return new Finding(
                binaries is null ? "PostgreSQL programs" : $"PostgreSQL {binaries.Major} in {binaries.Folder}",
                binaries is null ? $"not installed. {PostgresBinaries.Mend}" : await ServerAccount.Choose().FaultAsync(ct)
            );
            var cluster = new PrivateCluster(folder);
            owner = binaries is null ? null : await cluster.FindRunningAsync(ct);
            yield return owner is not null ? new Finding("Private cluster runs", null)
            : cluster.Exists ? new Finding("Private cluster is there and stopped; dotmac up starts it", null)
            : new Finding("Private cluster is not made yet; dotmac up makes it", null);
        }

        if (owner is not null)
        {
            yield return await DatabaseAsync(owner, ct);
        }

        if (holder is null)
        {
            foreach (var (key, fault) in PortProbe.All(settings, NodeRoles.All))
            {
                yield return new Finding(key, fault);
            }
        }

        if (settings.OtlpEndpoint is { } receiver)
        {
            yield return new Finding($"Telemetry receiver {receiver}", await PortProbe.ReachAsync(receiver, ct));
        }
    }

    private static string? Writable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message} Set DOTMAC_DATA to a folder of your own.";
        }
    }

    private static async Task<Finding> DatabaseAsync(string owner, CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(owner) { Pooling = false, Timeout = 5 };
        var what = $"Database {address.Database} at {address.Host}:{address.Port} as {address.Username}";
        try
        {
            await using var source = NpgsqlDataSource.Create(address.ConnectionString);
            await using var connection = await source.OpenConnectionAsync(ct);
            if (connection.PostgreSqlVersion.Major < PostgresBinaries.OldestMajor)
            {
                return new Finding(
                    what,
                    $"is PostgreSQL {connection.PostgreSqlVersion}; {PostgresBinaries.OldestMajor} or newer is needed."
                );
            }

            await using var rights = new NpgsqlCommand(
                "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user",
                connection
            );
            if (await rights.ExecuteScalarAsync(ct) is not true)
            {
                return new Finding(what, $"the role may not make roles. As a superuser run: ALTER ROLE \"{address.Username}\" CREATEROLE;");
            }

            return await new Migrator(Installation.Migrations).FaultAsync(source, ct) is { } fault
                ? new Finding(what, $"{fault} Run: dotmac migrate")
                : new Finding($"{what}, schema current", null);
        }
        catch (NpgsqlException e)
        {
            return new Finding(what, $"{e.Message} Check that the server runs and that address, role and password are right.");
        }
    }
}
