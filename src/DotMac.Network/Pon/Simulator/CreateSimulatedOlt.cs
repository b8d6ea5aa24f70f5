using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace DotMac.Network.Pon.Simulator;

/// <summary>Puts up one more simulated OLT with its ports.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>pon.olt_name_taken</c> 409.</remarks>
public static class CreateSimulatedOlt
{
    /// <param name="Ports">1–16, numbered from 0.</param>
    /// <param name="PortCapacity">ONUs that one port can range, 1–128.</param>
    public sealed record Body(
        string? Name,
        string? Vendor = null,
        string? Model = null,
        string? Site = null,
        int? Ports = null,
        int? PortCapacity = null
    );

    [Requires("isp.network.pon.write")]
    public sealed record Command(Body Asked);

    public sealed record Response(Guid Id, string Name, int Ports, bool Simulated = true);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/pon/simulator/olts", Post).WithName(nameof(CreateSimulatedOlt));

    private static async Task<Results<Created<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(o => $"/api/v1/pon/olts/{o.Id}");

    internal sealed class Handler(UnitOfWork work, PonBooks books, AuditTrail audit, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Insert = """
            INSERT INTO pon_olts (tenant_id, id, name, vendor, model, site, controller_id, created_at)
            VALUES (@TenantId, @id, @name, @vendor, @model, @site, @controllerId, @now)
            """;

        private const string InsertPorts = """
            INSERT INTO pon_ports (tenant_id, olt_id, number, capacity)
            SELECT @TenantId, @id, n, @capacity FROM generate_series(0, @ports - 1) n
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var faults = new Faults()
                .Text("name", asked.Name, 1, 64)
                .Text("vendor", asked.Vendor, 0, 64)
                .Text("model", asked.Model, 0, 64)
                .Text("site", asked.Site, 0, 128)
                .Range("ports", asked.Ports, 1, 16)
                .Range("port_capacity", asked.PortCapacity, 1, 128);
            if (faults.Error is { } error)
            {
                return error;
            }

            var id = Guid.CreateVersion7();
            var name = asked.Name!.Trim();
            var values = new
            {
                work.TenantId,
                id,
                name,
                vendor = asked.Vendor?.Trim() ?? "DotMac",
                model = asked.Model?.Trim() ?? "Simulated GPON OLT",
                site = asked.Site?.Trim(),
                controllerId = Guid.CreateVersion7().ToString("N"),
                ports = asked.Ports ?? 2,
                capacity = asked.PortCapacity ?? 64,
                now = clock.GetUtcNow(),
            };
            try
            {
                await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct));
            }
            catch (PostgresException e) when (e.ConstraintName == "pon_olts_name_key")
            {
                return PonErrors.NameTaken(name);
            }

            await work.Connection.ExecuteAsync(new CommandDefinition(InsertPorts, values, work.Transaction, cancellationToken: ct));
            await books.NoteAsync("olt_added", id, null, $"The simulated OLT {name} was put up.", ct);
            audit.Note("pon_olt.created", "pon_olt", id.ToString());
            return new Response(id, name, values.ports);
        }
    }
}
