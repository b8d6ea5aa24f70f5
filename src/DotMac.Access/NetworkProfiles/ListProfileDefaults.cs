using DotMac.Kernel.Data;
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

    internal sealed class Handler(AccessDb db, UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var rows = await db.ProfileDefaults.AsNoTracking().Take(Most).ToListAsync(ct);
            var plans = await PlanNames.ReadAsync(work, rows, ct);
            return new Response([
                .. rows.Select(r => (Row: r, Plan: PlanNames.Of(plans, r)))
                    .OrderByDescending(r => r.Row.Precision)
                    .ThenBy(r => r.Plan, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(r => r.Row.SiteId)
                    .Select(r => DefaultsView.Of(r.Row, r.Plan)),
            ]);
        }
    }
}
