using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>An OLT as the API shows it, with how its ONUs stand.</summary>
public sealed class OltView
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Vendor { get; init; }
    public required string Model { get; init; }
    public required string? Site { get; init; }
    public required OltOper Oper { get; init; }

    /// <summary>The controller's own id; another one after each restart.</summary>
    public required string ControllerId { get; init; }
    public required int Restarts { get; init; }
    public required DateTimeOffset? LastRestartAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required int Ports { get; init; }
    public required int Online { get; init; }

    /// <summary>Enabled and not online.</summary>
    public required int Down { get; init; }
    public required int Disabled { get; init; }
    public required int Discovered { get; init; }
    public required int OpenAlarms { get; init; }

    /// <summary>True: nothing of this is glass.</summary>
    public required bool Simulated { get; init; }

    internal const string Select = """
        SELECT o.id, o.name, o.vendor, o.model, o.site, o.simulated, o.controller_id, o.oper, o.restarts, o.last_restart_at, o.created_at,
            (SELECT count(*)::int FROM pon_ports p WHERE p.olt_id = o.id) AS ports,
            (SELECT count(*)::int FROM pon_alarms a WHERE a.olt_id = o.id AND a.cleared_at IS NULL) AS open_alarms,
            n.online, n.down, n.disabled, n.discovered
        FROM pon_olts o, LATERAL (
            SELECT (count(*) FILTER (WHERE u.admin = 1 AND u.oper = 2))::int AS online, (count(*) FILTER (WHERE u.admin = 1 AND u.oper <> 2))::int AS down,
                (count(*) FILTER (WHERE u.admin = 2))::int AS disabled, (count(*) FILTER (WHERE u.admin = 0))::int AS discovered
            FROM pon_onus u WHERE u.olt_id = o.id) n

        """;
}

/// <summary>The tenant's OLTs by name.</summary>
public static class ListOlts
{
    [Requires("isp.network.pon.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<OltView> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/olts", Get).WithName(nameof(ListOlts));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            new Response(
                (
                    await work.Connection.QueryAsync<OltView>(
                        new CommandDefinition(
                            OltView.Select + "ORDER BY lower(o.name) LIMIT 500",
                            transaction: work.Transaction,
                            cancellationToken: ct
                        )
                    )
                ).AsList()
            );
    }
}
