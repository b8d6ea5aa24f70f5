using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Server-sent events of one job: <c>job</c> at once and as it moves on, <c>ping</c> every ten seconds.</summary>
/// <remarks><b>Errors:</b> <c>bulk.not_found</c> 404. It ends with the job, or after a minute; browsers connect again by themselves.</remarks>
public static class StreamBulk
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private const int Looks = 120;
    private const int PingEvery = 20;

    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/bulk/{id:guid}/stream", Get).WithName(nameof(StreamBulk));

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Caller> handler,
        IServiceScopeFactory scopes,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var granted = await handler.Handle(new Command(id), ct);
        return granted.Error is { } refusal
            ? Problems.ToProblem(refusal)
            : TypedResults.ServerSentEvents(FollowAsync(scopes, clock, granted.Value, id, ct));
    }

    private static async IAsyncEnumerable<SseItem<object>> FollowAsync(
        IServiceScopeFactory scopes,
        TimeProvider clock,
        Caller caller,
        Guid id,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        BulkView? sent = null;
        for (var look = 0; look < Looks; look++)
        {
            var job = await ReadAsync(scopes, caller, id, ct);
            if (job is null)
            {
                yield break;
            }

            if (
                sent is null
                || (sent.State, sent.Waiting, sent.Started, sent.Done, sent.Failed)
                    != (job.State, job.Waiting, job.Started, job.Done, job.Failed)
            )
            {
                sent = job;
                yield return new SseItem<object>(job, "job");
            }
            else if (look % PingEvery == PingEvery - 1)
            {
                yield return new SseItem<object>(new { }, "ping");
            }

            if (job.FinishedAt is not null)
            {
                yield break;
            }

            await Task.Delay(Every, clock, ct);
        }
    }

    private static async Task<BulkView?> ReadAsync(IServiceScopeFactory scopes, Caller caller, Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = caller;
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, caller.TenantId, ct);
        return await BulkView.FindAsync(work, id, ct);
    }

    internal sealed class Handler(UnitOfWork work, CurrentCaller current) : IHandle<Command, Caller>
    {
        public async Task<Result<Caller>> Handle(Command command, CancellationToken ct) =>
            await BulkView.FindAsync(work, command.Id, ct) is null ? BulkErrors.NotFound : current.Value;
    }
}
