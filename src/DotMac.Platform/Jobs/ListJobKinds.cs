using System.Text.Json;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>What can be scheduled or chained.</summary>
public static class ListJobKinds
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    /// <param name="Example">Parameters as they may look.</param>
    public sealed record Item(string Name, string Description, JsonElement Example);

    public sealed record Response(IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/jobs/kinds", Get).WithName(nameof(ListJobKinds));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(JobStarter starter) : IHandle<Command, Response>
    {
        public Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            Task.FromResult<Result<Response>>(
                new Response([
                    .. starter
                        .Kinds.OrderBy(k => k.Name, StringComparer.Ordinal)
                        .Select(k => new Item(k.Name, k.Description, JsonSerializer.Deserialize<JsonElement>(k.Example))),
                ])
            );
    }
}
