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
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Every change of a subscriber's line, newest first: who, when, what it was, what it became. From the audit trail, both rows of the line.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>cursor.malformed</c> 400.</remarks>
public static class ListProfileAudit
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, int? Limit = null, string? Cursor = null);

    /// <param name="ActorKind">user, api_key or system.</param>
    /// <param name="Before">The fields that changed, as they were; null when it was made.</param>
    public sealed record Item(
        long Seq,
        DateTimeOffset At,
        string ActorName,
        string ActorKind,
        string Action,
        JsonElement? Before,
        JsonElement? After,
        string? RequestId
    );

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(ProfileKey.Route + "/profile/audit", Get).WithName(nameof(ListProfileAudit));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        string key,
        IHandle<Command, Page<Item>> handler,
        CancellationToken ct,
        int? limit = null,
        string? cursor = null
    ) => (await handler.Handle(new Command(key, limit, cursor), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<Item>>
    {
        // Of the subscriber's own entries those that touch the line, and of them what touches the line.
        private const string List = """
            SELECT seq, at, actor_name, actor_kind, action, request_id,
                CASE WHEN entity = 'network_profile' THEN before::jsonb ELSE
                    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(before::jsonb) WHERE key = ANY (@columns)) END::text AS before,
                CASE WHEN entity = 'network_profile' THEN after::jsonb ELSE
                    (SELECT jsonb_object_agg(key, value) FROM jsonb_each(after::jsonb) WHERE key = ANY (@columns)) END::text AS after
            FROM audit_log
            WHERE entity IN ('network_profile', 'subscriber') AND entity_id = @id AND (@last::bigint IS NULL OR seq < @last)
              AND (entity = 'network_profile' OR coalesce(after, before)::jsonb ?| @columns)
            ORDER BY seq DESC LIMIT @take
            """;

        private static readonly string[] Columns =
        [
            "circuit_id",
            "remote_id",
            "option82_policy",
            "vlan_id",
            "inner_vlan",
            "framed_ipv4_address",
            "framed_ipv4_netmask",
            "framed_ipv6_address",
            "framed_ipv6_prefix",
            "delegated_ipv6_prefix",
            "ipv6_mode",
            "framed_ipv4_pool",
            "framed_ipv6_pool",
            "delegated_ipv6_pool",
        ];

        private sealed record Row(
            long Seq,
            DateTimeOffset At,
            string ActorName,
            short ActorKind,
            string Action,
            string? RequestId,
            string? Before,
            string? After
        );

        public async Task<Result<Page<Item>>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            long? last = null;
            if (command.Cursor is { Length: > 0 } cursor)
            {
                if (
                    Cursor.Decode(cursor, 1) is not [{ } text]
                    || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
                )
                {
                    return Cursor.Malformed;
                }

                last = seq;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = (
                await work.Connection.QueryAsync<Row>(
                    new CommandDefinition(
                        List,
                        new
                        {
                            id = id.ToString(),
                            columns = Columns,
                            last,
                            take = limit + 1,
                        },
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
            ).AsList();
            return Page<Item>.Of(rows, limit, Show, r => Cursor.Encode(r.Seq.ToString(CultureInfo.InvariantCulture)), null);
        }

        private static Item Show(Row row) =>
            new(
                row.Seq,
                row.At,
                row.ActorName,
                Entities.SnakeCase(((CallerKind)row.ActorKind).ToString()),
                row.Action,
                Json(row.Before),
                Json(row.After),
                row.RequestId
            );

        private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
