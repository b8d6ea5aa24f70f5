using System.Globalization;
using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Audit;

/// <summary>Who did what, newest first. <c>actor</c>: an id or part of a name; <c>q</c> looks in action, entity id and actor.</summary>
public static class ListAudit
{
    [Requires("audit.read")]
    public sealed record Query(
        string? Actor,
        string? Action,
        string? Entity,
        string? EntityId,
        DateTimeOffset? From,
        DateTimeOffset? To,
        string? Q,
        int? Limit,
        string? Cursor,
        bool? Count
    );

    /// <param name="Kind">anonymous, user, api_key or system.</param>
    public sealed record ActorItem(Guid? Id, string Name, string Kind);

    public sealed record Item(
        long Seq,
        DateTimeOffset At,
        ActorItem Actor,
        string Action,
        string Entity,
        string EntityId,
        JsonElement? Before,
        JsonElement? After,
        string? Ip,
        string? RequestId
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/audit", Get).WithName(nameof(ListAudit));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        IHandle<Query, Page<Item>> handler,
        CancellationToken ct,
        string? actor = null,
        string? action = null,
        string? entity = null,
        [FromQuery(Name = "entity_id")] string? entityId = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        string? q = null,
        int? limit = null,
        string? cursor = null,
        bool? count = null
    ) => (await handler.Handle(new Query(actor, action, entity, entityId, from, to, q, limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Query, Page<Item>>
    {
        private const string Where = """
            WHERE (@actorId::uuid IS NULL OR actor_id = @actorId::uuid)
              AND (@actor::text IS NULL OR actor_name ILIKE @actor)
              AND (@action::text IS NULL OR action = @action)
              AND (@entity::text IS NULL OR entity = @entity)
              AND (@entityId::text IS NULL OR entity_id = @entityId)
              AND (@from::timestamptz IS NULL OR at >= @from)
              AND (@to::timestamptz IS NULL OR at < @to)
              AND (@q::text IS NULL OR action ILIKE @q OR entity_id ILIKE @q OR actor_name ILIKE @q)
            """;
        private const string ListSql =
            "SELECT seq, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, ip, request_id FROM audit_log "
            + Where
            + " AND (@before::bigint IS NULL OR seq < @before) ORDER BY seq DESC LIMIT @take";
        private const string CountSql = "SELECT count(*) FROM audit_log " + Where;

        public async Task<Result<Page<Item>>> Handle(Query query, CancellationToken ct)
        {
            long? before = null;
            if (query.Cursor is { Length: > 0 } cursor)
            {
                if (
                    Cursor.Decode(cursor, 1) is not [{ } last]
                    || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
                )
                {
                    return Cursor.Malformed;
                }

                before = seq;
            }

            var isId = Guid.TryParse(query.Actor, out var actorId);
            var limit = PageSize.Of(query.Limit);
            var values = new
            {
                actorId = isId ? actorId : (Guid?)null,
                actor = isId ? null : Pattern(query.Actor),
                query.Action,
                query.Entity,
                query.EntityId,
                from = query.From?.ToUniversalTime(),
                to = query.To?.ToUniversalTime(),
                q = Pattern(query.Q),
                before,
                take = limit + 1,
            };
            var rows = (
                await work.Connection.QueryAsync<Row>(new CommandDefinition(ListSql, values, work.Transaction, cancellationToken: ct))
            ).AsList();
            long? total =
                query.Count == true
                    ? await work.Connection.ExecuteScalarAsync<long>(
                        new CommandDefinition(CountSql, values, work.Transaction, cancellationToken: ct)
                    )
                    : null;
            return Page<Item>.Of(rows, limit, Show, r => Cursor.Encode(r.Seq.ToString(CultureInfo.InvariantCulture)), total);
        }

        private static string? Pattern(string? text) =>
            string.IsNullOrWhiteSpace(text)
                ? null
                : "%"
                    + text.Trim()
                        .Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("%", "\\%", StringComparison.Ordinal)
                        .Replace("_", "\\_", StringComparison.Ordinal)
                    + "%";

        private static Item Show(Row r) =>
            new(
                r.Seq,
                r.At,
                new ActorItem(r.ActorId, r.ActorName, Entities.SnakeCase(((CallerKind)r.ActorKind).ToString())),
                r.Action,
                r.Entity,
                r.EntityId,
                Json(r.Before),
                Json(r.After),
                r.Ip,
                r.RequestId
            );

        private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);

        private sealed class Row
        {
            public long Seq { get; init; }
            public DateTimeOffset At { get; init; }
            public short ActorKind { get; init; }
            public Guid? ActorId { get; init; }
            public string ActorName { get; init; } = "";
            public string Action { get; init; } = "";
            public string Entity { get; init; } = "";
            public string EntityId { get; init; } = "";
            public string? Before { get; init; }
            public string? After { get; init; }
            public string? Ip { get; init; }
            public string? RequestId { get; init; }
        }
    }
}
