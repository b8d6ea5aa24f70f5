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

/// <summary>Jobs, newest first.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (state, cursor).</remarks>
public static class ListBulk
{
    /// <param name="State">running, paused, cancelled, completed or stopped; any when left out.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(string? State = null, int? Limit = null, string? Cursor = null);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/provisioning/bulk", Get).WithName(nameof(ListBulk));

    private static async Task<Results<Ok<Page<BulkView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<BulkView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<BulkView>>
    {
        public async Task<Result<Page<BulkView>>> Handle(Command command, CancellationToken ct)
        {
            var state = Words.Read<BulkState>(command.State);
            if (command.State is not null && state is null)
            {
                return new Faults().Add("state", "unknown", $"One of {Words.All<BulkState>()}.").Error!;
            }

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
            var rows = await work.Connection.QueryAsync<BulkView.Row>(
                new CommandDefinition(
                    BulkView.Select
                        + "WHERE (@before::uuid IS NULL OR j.id < @before) AND (@state::smallint IS NULL OR j.state = @state) ORDER BY j.id DESC LIMIT @take",
                    new
                    {
                        before,
                        state = (short?)state,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<BulkView>.Of([.. rows], limit, r => r.ToView(), r => Cursor.Encode(r.Id.ToString()));
        }
    }
}
