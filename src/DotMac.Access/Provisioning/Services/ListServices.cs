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

/// <summary>Services, the latest ordered first unless sorted.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (status, sort, cursor).</remarks>
public static class ListServices
{
    /// <param name="Status">One status.</param>
    /// <param name="Sort">ordered_at or service_identifier; with - before it from the end.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(
        string? Status = null,
        [property: FromQuery(Name = "subscriber_id")] Guid? SubscriberId = null,
        [property: FromQuery(Name = "customer_id")] Guid? CustomerId = null,
        int? Limit = null,
        string? Cursor = null,
        string? Sort = null
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
                """;

        private static readonly Listing Listing = new(
            ServiceView.Select,
            "i.id",
            "-ordered_at",
            new("ordered_at", "i.ordered_at", SortType.Time),
            new("service_identifier", "i.service_identifier", SortType.Text)
        );

        public async Task<Result<Page<ServiceView>>> Handle(Command command, CancellationToken ct)
        {
            var word = Input.Clean(command.Status);
            var status = Words.Read<ServiceStatus>(word);
            var faults = new Faults().Check(
                word is null || status is not null,
                "status",
                "unknown",
                $"One of {Words.All<ServiceStatus>()}."
            );
            if (Listing.Check(faults, command.Sort).Error is { } refusal)
            {
                return refusal;
            }

            var values = new
            {
                status = (short?)status,
                subscriber = command.SubscriberId,
                customer = command.CustomerId,
            };
            return await Listing.ReadAsync<ServiceView.Row, ServiceView>(
                work,
                Where,
                new DynamicParameters(values),
                new Asked(command.Sort, command.Limit, command.Cursor),
                r => r.ToView(),
                ct
            );
        }
    }
}
