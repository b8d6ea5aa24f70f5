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

namespace DotMac.Access.Provisioning.Services;

/// <summary>Services, the latest ordered first.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (status, cursor).</remarks>
public static class ListServices
{
    /// <param name="Status">One status.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(
        string? Status = null,
        [property: FromQuery(Name = "subscriber_id")] Guid? SubscriberId = null,
        [property: FromQuery(Name = "customer_id")] Guid? CustomerId = null,
        int? Limit = null,
        string? Cursor = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in GetServiceInstance.Bases)
        {
            app.MapGet(routeBase, Get).WithName(GetServiceInstance.Name(nameof(ListServices), routeBase));
        }
    }

    private static async Task<Results<Ok<Page<ServiceView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<ServiceView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<ServiceView>>
    {
        private const string Where =
            "WHERE (@subscriber::uuid IS NULL OR i.subscriber_id = @subscriber) AND (@customer::uuid IS NULL OR i.customer_id = @customer)"
            + " AND (@status::smallint IS NULL OR "
            + ServiceView.Standing
            + """
                 = @status)
                    AND (@before::uuid IS NULL OR i.id < @before)
                ORDER BY i.id DESC LIMIT @take
                """;

        public async Task<Result<Page<ServiceView>>> Handle(Command command, CancellationToken ct)
        {
            ServiceStatus? status = null;
            if (Input.Clean(command.Status) is { } word)
            {
                status = Words.Read<ServiceStatus>(word);
                if (status is null)
                {
                    return new Faults().Add("status", "unknown", $"One of {Words.All<ServiceStatus>()}.").Error!;
                }
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
            var rows = await work.Connection.QueryAsync<ServiceView.Row>(
                new CommandDefinition(
                    ServiceView.Select + Where,
                    new
                    {
                        status = (short?)status,
                        subscriber = command.SubscriberId,
                        customer = command.CustomerId,
                        before,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<ServiceView>.Of([.. rows], limit, r => r.ToView(), r => Cursor.Encode(r.Id.ToString()));
        }
    }
}
