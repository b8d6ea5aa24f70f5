using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Services;

/// <summary>One service with what was provisioned for it.</summary>
/// <remarks><b>Errors:</b> <c>service.not_found</c> 404.</remarks>
public static class GetServiceInstance
{
    /// <summary>Both route bases of services: the same use cases answer.</summary>
    internal static readonly string[] Bases = ["/services", "/services/lifecycle/services"];

    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static string Name(string useCase, string routeBase) => routeBase == Bases[0] ? useCase : useCase + "Lifecycle";

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in Bases)
        {
            app.MapGet(routeBase + "/{id:guid}", Get).WithName(Name(nameof(GetServiceInstance), routeBase));
        }
    }

    private static async Task<Results<Ok<ServiceView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, ServiceView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, s => s.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, ServiceView>
    {
        public async Task<Result<ServiceView>> Handle(Command command, CancellationToken ct) =>
            await ServiceView.FindAsync(work, command.Id, ct) is { } found ? found : ProvisioningErrors.ServiceNotFound;
    }
}
