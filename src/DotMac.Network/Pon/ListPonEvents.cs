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

/// <summary>What happened on the PON in the last thirty days, the newest first.</summary>
public static class ListPonEvents
{
    [Requires("isp.network.pon.read")]
    public sealed record Command(
        string? Serial = null,
        [property: FromQuery(Name = "olt_id")] Guid? OltId = null,
        string? Kind = null,
        int? Limit = null,
        string? Cursor = null
    );

    /// <summary>One thing that happened. <c>Kind</c>: onu_discovered, onu_online, onu_los, onu_dying_gasp, olt_restarted …</summary>
    public sealed class Item
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string Kind { get; init; }
        public required Guid? OltId { get; init; }
        public required string? Serial { get; init; }
        public required string Detail { get; init; }
        public bool Simulated { get; } = true;
    }

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/pon/events", Get).WithName(nameof(ListPonEvents));
        app.MapGet("/voltha/events", Get).WithName(nameof(ListPonEvents) + "Voltha");
    }

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<Item>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<Item>>
    {
        private const string Read = """
            SELECT id, at, kind, olt_id, serial, detail FROM pon_events
            WHERE (@Serial::text IS NULL OR serial = @Serial) AND (@OltId::uuid IS NULL OR olt_id = @OltId) AND (@Kind::text IS NULL OR kind = @Kind)
                AND (@before::timestamptz IS NULL OR (at, id) < (@before, @id)) ORDER BY at DESC, id DESC LIMIT @take
            """;

        public async Task<Result<Page<Item>>> Handle(Command command, CancellationToken ct)
        {
            var limit = PageSize.Of(command.Limit);
            if (!PonCursor.TryRead(command.Cursor, out var before, out var id))
            {
                return Cursor.Malformed;
            }

            var rows = await work.Connection.QueryAsync<Item>(
                new CommandDefinition(
                    Read,
                    new
                    {
                        command.Serial,
                        command.OltId,
                        command.Kind,
                        before,
                        id,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<Item>.Of(rows.AsList(), limit, e => e, e => PonCursor.Of(e.At, e.Id));
        }
    }
}
