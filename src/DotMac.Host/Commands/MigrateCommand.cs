using System.CommandLine;
using DotMac.Host.Cluster;

namespace DotMac.Host.Commands;

/// <summary>Brings the schema up to date and ends. Doing it again does nothing.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Make the platform's database roles and apply the missing schema changes, then end.");
        command.SetAction(
            (_, _) =>
                Cli.RunAsync(
                    async (settings, ct) =>
                    {
                        await using var installation = await Installation.JoinAsync(settings, ct);
                        var applied = await installation.PrepareAsync(ct);
                        foreach (var migration in applied)
                        {
                            Console.WriteLine($"applied {migration.FileName}");
                        }

                        Console.WriteLine(
                            applied.Count == 0
                                ? $"The schema is current ({Installation.Migrations.Count} migrations)."
                                : "The schema is current now."
                        );
                        return ExitCodes.Ok;
                    }
                )
        );
        return command;
    }
}
