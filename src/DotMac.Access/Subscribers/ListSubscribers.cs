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

namespace DotMac.Access.Subscribers;

/// <summary>Subscribers: searched, filtered, sorted, paged by keyset (a page stays right while others add and remove).</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (sort, cursor).</remarks>
public static class ListSubscribers
{
    [Requires("isp.radius.read")]
    public sealed record Command(SubscriberFilter Filter, int? Limit = null, string? Cursor = null, bool? Count = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase, Get).WithName(SubscriberKey.Name(nameof(ListSubscribers), routeBase));
        }
    }

    private static async Task<Results<Ok<Page<SubscriberView>>, ProblemHttpResult>> Get(
        [AsParameters] SubscriberFilter filter,
        int? limit,
        string? cursor,
        bool? count,
        IHandle<Command, Page<SubscriberView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(filter, limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<SubscriberView>>
    {
        public async Task<Result<Page<SubscriberView>>> Handle(Command command, CancellationToken ct)
        {
            var ordered = SubscriberOrder.Of(command.Filter.Sort);
            if (ordered.Error is { } refusal)
            {
                return refusal;
            }

            var order = ordered.Value;
            (string Value, Guid Id)? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                after = order.Read(command.Cursor);
                if (after is null)
                {
                    return Cursor.Malformed;
                }
            }

            var limit = PageSize.Of(command.Limit);
            var parameters = command.Filter.Parameters();
            parameters.Add("afterValue", after?.Value);
            parameters.Add("afterId", after?.Id);
            parameters.Add("take", limit + 1);
            var sql = string.Concat(
                SubscriberView.Select,
                SubscriberFilter.Where,
                after is null ? "" : order.After,
                order.Clause,
                "LIMIT @take"
            );
            var rows = await work.Connection.QueryAsync<SubscriberView.Row>(
                new CommandDefinition(sql, parameters, work.Transaction, cancellationToken: ct)
            );
            long? total = command.Count is true
                ? await work.Connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        "SELECT count(*) FROM subscribers s " + SubscriberFilter.Where,
                        parameters,
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
                : null;
            return Page<SubscriberView>.Of([.. rows], limit, r => r.ToView(), order.CursorOf, total);
        }
    }
}
