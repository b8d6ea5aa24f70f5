using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Chooses what carries the tenant's Disconnect- and CoA-Requests.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class SetCoaSettings
{
    /// <param name="Transport">direct (the platform's own packets) or radclient (FreeRADIUS's tool, installed beside the platform).</param>
    public sealed record Body(string? Transport = null);

    [Requires("isp.radius.write")]
    public sealed record Command(Body Asked);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPut("/radius/coa/settings", Put).WithName(nameof(SetCoaSettings));

    private static async Task<Results<Ok<GetCoaSettings.Response>, ProblemHttpResult>> Put(
        Body body,
        IHandle<Command, GetCoaSettings.Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, TimeProvider clock) : IHandle<Command, GetCoaSettings.Response>
    {
        private const string Set = """
            INSERT INTO coa_settings (tenant_id, transport, changed_at) VALUES (@TenantId, @transport, @now)
            ON CONFLICT (tenant_id) DO UPDATE SET transport = excluded.transport, changed_at = excluded.changed_at
            """;

        public async Task<Result<GetCoaSettings.Response>> Handle(Command command, CancellationToken ct)
        {
            if (Words.Read<CoaTransport>(command.Asked.Transport) is not { } transport)
            {
                return new Faults().Add("transport", "unknown", $"One of {Words.All<CoaTransport>()}.").Error!;
            }

            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Set,
                    new
                    {
                        work.TenantId,
                        transport = (short)transport,
                        now = clock.GetUtcNow(),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var word = Words.Of(transport);
            audit.Note(
                "coa_settings.set",
                "coa_settings",
                work.TenantId!.Value.ToString(),
                after: JsonSerializer.Serialize(new { transport = word })
            );
            return new GetCoaSettings.Response(word);
        }
    }
}
