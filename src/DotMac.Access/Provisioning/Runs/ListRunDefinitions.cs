using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>The kinds of run that this node knows, each with its steps in order, how patient they are and whether they may fail without harm.</summary>
public static class ListRunDefinitions
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    /// <param name="TimeoutSeconds">After this long an attempt counts as failed with unknown effect.</param>
    public sealed record Step(string Name, string Target, bool Required, int Retries, double BackoffSeconds, double TimeoutSeconds);

    public sealed record Item(string Name, int Version, IReadOnlyList<Step> Steps);

    public sealed record Response(IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/definitions", Get).WithName(nameof(ListRunDefinitions));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(SagaRegistry registry) : IHandle<Command, Response>
    {
        public Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            Task.FromResult<Result<Response>>(
                new Response([
                    .. registry
                        .All.OrderBy(d => d.Name, StringComparer.Ordinal)
                        .ThenByDescending(d => d.Version)
                        .Select(d => new Item(d.Name, d.Version, [.. d.Steps.Select(Show)])),
                ])
            );

        private static Step Show(SagaStep step) =>
            new(step.Name, step.Target, step.IsRequired, step.Retries, step.Backoff.TotalSeconds, step.Timeout.TotalSeconds);
    }
}
