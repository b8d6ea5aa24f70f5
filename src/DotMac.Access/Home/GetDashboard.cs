using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Home;

/// <summary>What an operator looks at first: who is online, what was refused and why, what needs attention.</summary>
public static class GetDashboard
{
    [Requires("dashboard.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/dashboard", Get).WithName(nameof(GetDashboard));

    private static async Task<Results<Ok<DashboardView>, ProblemHttpResult>> Get(
        IHandle<Command, DashboardView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, DashboardView>
    {
        public async Task<Result<DashboardView>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var figures = await DashboardFigures.ReadAsync(work, now, ct);
            var attention = await new AttentionSearch(work, box, now).FindAsync(ct);
            return figures with { Attention = attention };
        }
    }
}
