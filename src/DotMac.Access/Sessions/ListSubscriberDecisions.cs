using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Sessions;

/// <summary>The latest answers to a subscriber's Access-Requests and why, newest first.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404.</remarks>
public static class ListSubscriberDecisions
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, int? Limit);

    /// <param name="Items">Newest first.</param>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Outcome">accept or reject.</param>
    /// <param name="Code">The reason: accepted, password.wrong, login.disabled, …</param>
    public sealed record Item(
        DateTimeOffset At,
        string Outcome,
        string Code,
        string? Detail,
        SessionNasName? Nas,
        string? CallingStationId,
        string? CalledStationId,
        string? Method
    );

    public sealed record SessionNasName(Guid Id, string Shortname);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/decisions", Get).WithName(SubscriberKey.Name(nameof(ListSubscriberDecisions), routeBase));
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string key,
        int? limit,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, limit), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const int Default = 20;
        private const int Most = 200;

        private const string Latest = """
            SELECT d.authdate AS at, d.reply, d.code, d.detail, n.id AS nas_id, n.shortname, d.callingstationid AS calling_station_id,
                d.calledstationid AS called_station_id, d.method
            FROM radpostauth d LEFT JOIN nas n ON n.id = d.nas_id
            WHERE d.subscriber_id = @subscriber ORDER BY d.authdate DESC LIMIT @take
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var take = Math.Clamp(command.Limit ?? Default, 1, Most);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(Latest, new { subscriber, take }, work.Transaction, cancellationToken: ct)
            );
            return new Response([.. rows.Select(r => r.ToItem())]);
        }

        private sealed record Row(
            DateTimeOffset At,
            string Reply,
            string Code,
            string? Detail,
            Guid? NasId,
            string? Shortname,
            string? CallingStationId,
            string? CalledStationId,
            string? Method
        )
        {
            public Item ToItem() =>
                new(
                    At,
                    Reply == "Access-Accept" ? "accept" : "reject",
                    Code,
                    Detail,
                    NasId is { } nas ? new SessionNasName(nas, Shortname!) : null,
                    CallingStationId,
                    CalledStationId,
                    Method
                );
        }
    }
}
