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

namespace DotMac.Access.Coa;

/// <summary>Bulk changes, newest first.</summary>
public static class ListCoaRuns
{
    [Requires("isp.radius.read")]
    public sealed record Command(int? Limit = null, string? Cursor = null);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/coa/runs", Get).WithName(nameof(ListCoaRuns));

    private static async Task<Results<Ok<Page<CoaRunView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<CoaRunView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<CoaRunView>>
    {
        public async Task<Result<Page<CoaRunView>>> Handle(Command command, CancellationToken ct)
        {
            Guid? before = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } text] || !Guid.TryParse(text, out var id))
                {
                    return Cursor.Malformed;
                }

                before = id;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<CoaRunView.Row>(
                new CommandDefinition(
                    CoaRunView.Select + "WHERE (@before::uuid IS NULL OR r.id < @before) ORDER BY r.id DESC LIMIT @take",
                    new { before, take = limit + 1 },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<CoaRunView>.Of([.. rows], limit, r => r.ToView(), r => Cursor.Encode(r.Id.ToString()));
        }
    }
}
