using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>Adds a prefix.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="PrefixRegister"/> names them.</remarks>
public static class CreatePrefix
{
    [Requires("isp.ipam.write")]
    public sealed record Command(PrefixFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreatePrefix), route));
        }
    }

    private static async Task<Results<Created<PrefixView>, ProblemHttpResult>> Post(
        PrefixFields body,
        IHandle<Command, PrefixView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/prefixes/{v.Id}");

    internal sealed class Handler(Register<Prefix, PrefixFields, PrefixView> register) : IHandle<Command, PrefixView>
    {
        public Task<Result<PrefixView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
