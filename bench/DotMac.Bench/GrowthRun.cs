using System.Globalization;
using DotMac.Bench.Load;
using DotMac.Bench.Servers;
using DotMac.Radius.Wire;

namespace DotMac.Bench;

/// <summary>
/// How dotmac bears more users: one server for each number of users, measured in turn, with what each holds in memory. The first number is
/// the one that the others are compared with.
/// </summary>
internal static class GrowthRun
{
    private const int PortsPerServer = 3;

    /// <param name="Users">Subscribers in the server, each asked for in turn.</param>
    /// <param name="OfFirst">Answers per second as a share of the first number's.</param>
    /// <param name="MemoryMib">Resident memory after the load.</param>
    /// <param name="MibPer100KUsers">Memory above the first number's, for each 100,000 users more; NaN for the first.</param>
    public sealed record Size(int Users, double PerSecond, double P99Ms, double OfFirst, double MemoryMib, double MibPer100KUsers);

    public static async Task<IReadOnlyList<Size>> MeasureAsync(Workshop workshop, PostgreSql postgres, BenchOptions options)
    {
        var servers = new List<Server>();
        var requests = new Dictionary<string, IReadOnlyList<ISource>>(StringComparer.Ordinal);
        foreach (var users in options.Grow)
        {
            var key = $"{DotMacServer.Key}-{users.ToString(CultureInfo.InvariantCulture)}";
            // Ports of PostgreSQL and the other servers are kept clear.
            var port = options.Port + 100 + (PortsPerServer * servers.Count);
            servers.Add(await DotMacServer.StartAsync(workshop, postgres, options, port, key, users));
            requests[key] = AccessRequests.Build(options.Sockets, users, options.Seed);
        }

        LoadPlan Plan(Server server, int seconds) =>
            new(
                server.Auth,
                requests[server.Key],
                options.InFlight,
                0,
                TimeSpan.FromSeconds(seconds),
                PacketCode.AccessAccept,
                server.Signs
            );

        await Measurement.RunAsync(servers, 1, postgres, s => Plan(s, options.WarmUpSeconds));
        var rounds = await Measurement.RunAsync(servers, options.Rounds, postgres, s => Plan(s, options.Seconds));
        var lines = servers.ConvertAll(s => Line.Of(s, rounds));
        Table.Print($"Access-Requests by number of users, {options.InFlight} in flight", lines);
        var memory = servers.ConvertAll(s => ProcessorTime.MemoryMegabytes(s.ProcessId));
        var sizes = lines
            .Select(
                (line, i) =>
                    new Size(
                        options.Grow[i],
                        line.PerSecond,
                        line.P99Ms,
                        line.PerSecond / lines[0].PerSecond,
                        memory[i],
                        (memory[i] - memory[0]) * 100_000 / (options.Grow[i] - options.Grow[0])
                    )
            )
            .ToList();
        Console.WriteLine();
        foreach (var size in sizes)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{size.Users, 10:N0} users: {size.OfFirst:0.00} of the first, {size.MemoryMib:0} MiB resident, {size.MibPer100KUsers:0} MiB for each 100,000 more"
                )
            );
        }

        return sizes;
    }
}
