using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Systems;

/// <summary>Goes back to the default driver of a role; settings and credentials are forgotten.</summary>
/// <remarks><b>Errors:</b> <c>oss.service_unknown</c> 404.</remarks>
public static class ResetSystem
{
    [Requires("isp.oss.configure")]
    public sealed record Command(string Service);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/tenant/oss/{service}", Delete).WithName(nameof(ResetSystem));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string service,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(service), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, IEnumerable<DriverKind> kinds) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (!kinds.Any(k => k.Service == command.Service))
            {
                return SystemView.Unknown;
            }

            var gone = await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM driver_choices WHERE service = @Service",
                    new { command.Service },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (gone > 0)
            {
                audit.Note("network_system.reset", "network_system", command.Service);
            }

            return Done.Instance;
        }
    }
}
