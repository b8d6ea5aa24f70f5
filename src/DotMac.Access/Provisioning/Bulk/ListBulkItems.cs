using System.Globalization;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Whom a job means, in its order, with the run of each.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListBulkItems
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id, string? State = null, int? Limit = null, string? Cursor = null);

    /// <param name="State">waiting, started, done, failed, skipped or cancelled.</param>
    public sealed record Item(
        Guid SubscriberId,
        string? SubscriberNumber,
        string? Username,
        string State,
        int? Wave,
        Guid? RunId,
        string? ErrorCode,
        string? ErrorMessage,
        DateTimeOffset? EndedAt
    );

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/bulk/{id:guid}/items", Get).WithName(nameof(ListBulkItems));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<Item>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<Item>>
    {
        private const string Select = """
            SELECT i.ordinal, i.subscriber_id, s.subscriber_number, s.username, i.state, i.wave, i.run_id, i.error_code, i.error_message, i.ended_at
            FROM bulk_items i LEFT JOIN subscribers s ON s.id = i.subscriber_id
            WHERE i.job_id = @Id AND (@state::smallint IS NULL OR i.state = @state) AND (@after::int IS NULL OR i.ordinal > @after)
            ORDER BY i.ordinal LIMIT @take
            """;

        public async Task<Result<Page<Item>>> Handle(Command command, CancellationToken ct)
        {
            int? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (
                    Cursor.Decode(command.Cursor, 1) is not [{ } text]
                    || !int.TryParse(text, CultureInfo.InvariantCulture, out var ordinal)
                )
                {
                    return Cursor.Malformed;
                }

                after = ordinal;
            }

            var state = Words.Read<BulkItemState>(command.State);
            if (command.State is not null && state is null)
            {
                return new Faults().Add("state", "unknown", $"One of {Words.All<BulkItemState>()}.").Error!;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    Select,
                    new
                    {
                        command.Id,
                        state = (short?)state,
                        after,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<Item>.Of([.. rows], limit, r => r.ToItem(), r => Cursor.Encode(r.Ordinal.ToString(CultureInfo.InvariantCulture)));
        }

        private sealed record Row(
            int Ordinal,
            Guid SubscriberId,
            string? SubscriberNumber,
            string? Username,
            short State,
            int? Wave,
            Guid? RunId,
            string? ErrorCode,
            string? ErrorMessage,
            DateTimeOffset? EndedAt
        )
        {
            public Item ToItem() =>
                new(
                    SubscriberId,
                    SubscriberNumber,
                    Username,
                    Words.Of((BulkItemState)State),
                    Wave,
                    RunId,
                    ErrorCode,
                    ErrorMessage,
                    EndedAt
                );
        }
    }
}
