using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>All defaults, the most specific first. At most 500: they are few, and are looked at together.</summary>
public static class ListProfileDefaults
{
    private const int Most = 500;

    [Requires("isp.radius.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<DefaultsView> Items);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/network/profile-defaults", Get).WithName(nameof(ListProfileDefaults));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(AccessDb db) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var rows = await (
                from d in db.ProfileDefaults.AsNoTracking()
                join p in db.BandwidthProfiles on d.BandwidthProfileId equals p.Id into plans
                from p in plans.DefaultIfEmpty()
                select new { Row = d, Plan = (string?)p.Name }
            )
                .Take(Most)
                .ToListAsync(ct);
            return new Response([
                .. rows.OrderByDescending(r => r.Row.Precision)
                    .ThenBy(r => r.Plan, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(r => r.Row.SiteId)
                    .Select(r => DefaultsView.Of(r.Row, r.Plan)),
            ]);
        }
    }
}
