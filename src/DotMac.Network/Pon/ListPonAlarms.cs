using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>An alarm as the API shows it.</summary>
public sealed class AlarmView
{
    public required Guid Id { get; init; }
    public required Guid OltId { get; init; }
    public required string OltName { get; init; }
    public required short? Port { get; init; }

    /// <summary>Null: of the OLT itself.</summary>
    public required string? Serial { get; init; }

    /// <summary>Whose service the ONU carries now.</summary>
    public required string? Label { get; init; }
    public required AlarmKind Kind { get; init; }
    public required AlarmSeverity Severity { get; init; }
    public required string Detail { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }
    public required DateTimeOffset LastRaisedAt { get; init; }
    public required int Times { get; init; }
    public required DateTimeOffset? AcknowledgedAt { get; init; }
    public required string? AcknowledgedBy { get; init; }
    public required string? Note { get; init; }
    public required DateTimeOffset? ClearedAt { get; init; }

    /// <summary>Null: the network itself said that it is over.</summary>
    public required string? ClearedBy { get; init; }
    public required bool Simulated { get; init; }

    internal const string Select = """
        SELECT a.id, a.olt_id, a.port, a.serial, a.kind, a.severity, a.detail, a.raised_at, a.last_raised_at, a.times, a.acknowledged_at,
            a.acknowledged_by, a.note, a.cleared_at, a.cleared_by, o.name AS olt_name, o.simulated, u.label FROM pon_alarms a
        JOIN pon_olts o ON o.tenant_id = a.tenant_id AND o.id = a.olt_id LEFT JOIN pon_onus u ON u.tenant_id = a.tenant_id AND u.serial = a.serial

        """;
}

/// <summary>Alarms, the newest first; those that stand unless told.</summary>
public static class ListPonAlarms
{
    [Requires("isp.network.pon.read")]
    public sealed record Command(
        bool? All = null,
        [property: FromQuery(Name = "olt_id")] Guid? OltId = null,
        string? Serial = null,
        string? Severity = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/pon/alarms", Get).WithName(nameof(ListPonAlarms));
        app.MapGet("/voltha/alarms", Get).WithName(nameof(ListPonAlarms) + "Voltha");
    }

    private static async Task<Results<Ok<Page<AlarmView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<AlarmView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<AlarmView>>
    {
        private const string Filter = """
            (@all OR a.cleared_at IS NULL) AND (@OltId::uuid IS NULL OR a.olt_id = @OltId) AND (@Serial::text IS NULL OR a.serial = @Serial)
            AND (@severity::smallint IS NULL OR a.severity = @severity)
            """;

        public async Task<Result<Page<AlarmView>>> Handle(Command command, CancellationToken ct)
        {
            if (command.Severity is not null && Words.Read<AlarmSeverity>(command.Severity) is null)
            {
                return new Faults().Add("severity", "unknown", $"One of {Words.All<AlarmSeverity>()}.").Error!;
            }

            var limit = PageSize.Of(command.Limit);
            if (!PonCursor.TryRead(command.Cursor, out var before, out var id))
            {
                return Cursor.Malformed;
            }

            var values = new
            {
                all = command.All == true,
                command.OltId,
                command.Serial,
                severity = (short?)Words.Read<AlarmSeverity>(command.Severity),
                before,
                id,
                take = limit + 1,
            };
            const string Which =
                "WHERE "
                + Filter
                + " AND (@before::timestamptz IS NULL OR (a.raised_at, a.id) < (@before, @id)) ORDER BY a.raised_at DESC, a.id DESC LIMIT @take";
            var rows = await work.Connection.QueryAsync<AlarmView>(
                new CommandDefinition(AlarmView.Select + Which, values, work.Transaction, cancellationToken: ct)
            );
            long? total = command.Count is true
                ? await work.Connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        "SELECT count(*) FROM pon_alarms a WHERE " + Filter,
                        values,
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
                : null;
            return Page<AlarmView>.Of(rows.AsList(), limit, a => a, a => PonCursor.Of(a.RaisedAt, a.Id), total);
        }
    }
}
