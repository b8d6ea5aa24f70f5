using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Sessions;

/// <summary>One session, by its id or its Acct-Unique-Session-Id (then the newest of that name).</summary>
/// <remarks><b>Errors:</b> <c>session.not_found</c> 404 (also for another tenant's).</remarks>
public static class GetSession
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/sessions/{id}", Get).WithName(nameof(GetSession));

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Get(
        string id,
        IHandle<Command, SessionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, SessionView>
    {
        private const string One = """
            WHERE r.acctuniqueid = @uniqueId AND (@number::bigint IS NULL OR r.radacctid = @number)
            ORDER BY r.acctstarttime DESC LIMIT 1
            """;

        public async Task<Result<SessionView>> Handle(Command command, CancellationToken ct)
        {
            var (uniqueId, number) = SessionId.Read(command.Id);
            var row = await work.Connection.QueryFirstOrDefaultAsync<SessionView.Row>(
                new CommandDefinition(SessionView.Select + One, new { uniqueId, number }, work.Transaction, cancellationToken: ct)
            );
            return row is null ? SessionErrors.NotFound : row.ToView();
        }
    }
}
