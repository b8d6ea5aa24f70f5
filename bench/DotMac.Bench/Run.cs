using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DotMac.Bench.Load;
using DotMac.Bench.Servers;
using DotMac.Radius.Wire;

namespace DotMac.Bench;

/// <summary>One run: starts the servers, measures them in turn, prints the tables, writes the JSON, ends everything.</summary>
internal static class Run
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task<int> StartAsync(BenchOptions options, CancellationToken ct)
    {
        if (
            options is { Grow.Count: 0, Lives: 0, Provision: 0 }
            && (options.Wants(FreeRadius.SqlKey) || options.Wants(FreeRadius.FilesKey))
        )
        {
            FreeRadius.MustBeInstalled();
        }

        using var workshop = new Workshop();
        using var ended = ct.Register(workshop.Dispose);
        Say($"{Machine()}; {options.Users.ToString("N0", CultureInfo.InvariantCulture)} users, {options.InFlight} requests in flight");
        Say("Starting PostgreSQL and the servers …");
        var postgres = await PostgreSql.StartAsync(workshop, options.Port + 3);
        try
        {
            if (options.Grow.Count > 0)
            {
                await WriteAsync(
                    options,
                    new
                    {
                        Machine = Machine(),
                        Options = options,
                        Growth = await GrowthRun.MeasureAsync(workshop, postgres, options),
                    }
                );
            }
            else if (options.Provision > 0)
            {
                await WriteAsync(
                    options,
                    new
                    {
                        Machine = Machine(),
                        Options = options,
                        Provisioning = await ProvisionRun.MeasureAsync(workshop, postgres, options),
                    }
                );
            }
            else if (options.Lives > 0)
            {
                await WriteAsync(
                    options,
                    new
                    {
                        Machine = Machine(),
                        Options = options,
                        Lives = await LivesRun.MeasureAsync(workshop, postgres, options),
                    }
                );
            }
            else
            {
                await MeasureAsync(await StartServersAsync(workshop, postgres, options), postgres, options);
            }
        }
        finally
        {
            await postgres.StopAsync();
        }

        return 0;
    }

    private static async Task<List<Server>> StartServersAsync(Workshop workshop, PostgreSql postgres, BenchOptions options)
    {
        var servers = new List<Server>();
        if (options.Wants(DotMacServer.Key))
        {
            servers.Add(await DotMacServer.StartAsync(workshop, postgres, options));
        }

        if (options.Wants(FreeRadius.SqlKey))
        {
            servers.Add(await FreeRadius.StartWithSqlAsync(workshop, postgres, options));
        }

        if (options.Wants(FreeRadius.FilesKey))
        {
            servers.Add(await FreeRadius.StartWithFilesAsync(workshop, options));
        }

        if (options.Wants(EmptySigner.Key))
        {
            servers.Add(await EmptySigner.StartAsync(workshop, options));
        }

        return servers;
    }

    private static async Task MeasureAsync(List<Server> servers, PostgreSql postgres, BenchOptions options)
    {
        var requests = AccessRequests.Build(options.Sockets, options.Users, options.Seed);
        LoadPlan Access(Server server, int seconds, int rate) =>
            new(server.Auth, requests, options.InFlight, rate, TimeSpan.FromSeconds(seconds), PacketCode.AccessAccept, server.Signs);

        var warmUp = await Measurement.RunAsync(servers, 1, postgres, s => Access(s, options.WarmUpSeconds, 0));
        var access = await Measurement.RunAsync(servers, options.Rounds, postgres, s => Access(s, options.Seconds, 0));
        var accessLines = servers.ConvertAll(s => Line.Of(s, access));
        Table.Print($"Access-Requests, PAP with Message-Authenticator, {options.InFlight} in flight", accessLines);

        var logged = await LogShares.SayAsync(servers, postgres, [.. warmUp, .. access], null);

        // FreeRADIUS with SQL is left out: the rate is above what it can do.
        var paced = servers.FindAll(s => s.Key != FreeRadius.SqlKey);
        List<Round> pacedRounds = [];
        List<Line> pacedLines = [];
        if (options.Rate > 0 && paced.Count > 0)
        {
            pacedRounds = await Measurement.RunAsync(paced, options.Rounds, postgres, s => Access(s, options.Seconds, options.Rate));
            pacedLines = paced.ConvertAll(s => Line.Of(s, pacedRounds));
            Table.Print($"The same at {options.Rate.ToString("N0", CultureInfo.InvariantCulture)} requests per second", pacedLines);
            logged = await LogShares.SayAsync(paced, postgres, pacedRounds, logged);
        }

        var memory = servers.ToDictionary(
            s => s.Key,
            s => Math.Round(ProcessorTime.MemoryMegabytes(s.ProcessId), 1),
            StringComparer.Ordinal
        );
        Say("");
        Say(
            "Resident memory, MiB: "
                + string.Join(", ", servers.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Title} {memory[s.Key]:0}")))
        );
        var accounting = options.Accounting
            ? await AccountingRun.MeasureAsync(servers.FindAll(s => s.Acct is not null), postgres, options)
            : null;
        await WriteAsync(
            options,
            new
            {
                Machine = Machine(),
                FreeRadius = servers.Any(s => s.Key.StartsWith("freeradius", StringComparison.Ordinal))
                    ? await FreeRadius.VersionAsync()
                    : null,
                Options = options,
                Access = accessLines,
                AccessRounds = access,
                Paced = pacedLines,
                PacedRounds = pacedRounds,
                Logged = logged,
                MemoryMib = memory,
                Accounting = accounting,
            }
        );
    }

    private static async Task WriteAsync(BenchOptions options, object figures)
    {
        Directory.CreateDirectory(options.Results);
        var name = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + ".json";
        var file = Path.Combine(options.Results, name);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, Json) + "\n");
        Say("");
        Say($"Written to {file}");
    }

    private static string Machine()
    {
        var model =
            File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
            ?? "processor";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Environment.ProcessorCount} cores ({model}), shared with the driver; load {load} at the start";
    }

    private static void Say(string text) => Console.WriteLine(text);
}
