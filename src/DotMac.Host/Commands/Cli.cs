using System.CommandLine;
using DotMac.Host.Settings;
using DotMac.Kernel.Data.Migrations;
using Npgsql;

namespace DotMac.Host.Commands;

/// <summary>The executable's table of contents: one line per subcommand.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("DotMac ISP Operations: RADIUS, subscribers and their console in one executable.")
        {
            UpCommand.Create(),
            DemoCommand.Create(),
            ServeCommand.Create(),
            MigrateCommand.Create(),
            AuditCommand.Create(),
            FreeRadiusCommand.Create(),
            DoctorCommand.Create(),
            OpenApiCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("dotmac --help lists the commands.");
            return ExitCodes.Usage;
        }

        // Signals are ours: an orderly end may take longer than this library would wait.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }
        );
    }

    /// <summary>Reads the settings, runs the work, and turns every expected refusal into one message and its exit code.</summary>
    public static async Task<int> RunAsync(Func<HostSettings, CancellationToken, Task<int>> work)
    {
        var settings = HostSettings.Read(HostSettings.ProcessEnvironment(), out var faults);
        if (faults.Count > 0)
        {
            foreach (var fault in faults)
            {
                await Console.Error.WriteLineAsync(fault);
            }

            return ExitCodes.Usage;
        }

        using var stop = new StopSignal();
        try
        {
            return await work(settings, stop.Token);
        }
        catch (StartRefusal e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }
        catch (Exception e) when (e is MigrationRefused or DatabaseRolesRefused)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failure;
        }
        catch (NpgsqlException e)
        {
            var key = settings.Database is null ? "The private cluster" : "DOTMAC_DATABASE";
            await Console.Error.WriteLineAsync(
                $"{key}: the database refused or did not answer: {Reason(e)} Check that it runs and that the address, role and password are right."
            );
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCodes.Failure;
        }
    }

    private static string Reason(NpgsqlException e) =>
        e is PostgresException p
            ? $"{p.MessageText} [{p.SqlState}]."
            : $"{e.Message.TrimEnd('.')}{(e.InnerException is { } i ? $" ({i.Message})" : "")}.";
}
