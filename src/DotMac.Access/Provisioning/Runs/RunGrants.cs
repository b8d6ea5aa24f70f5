using System.Text.Json;
using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Deprovision;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Provision;
using DotMac.Access.Provisioning.Reconciliation;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>
/// Whoever sends a run on, back, or away needs what its order needed: the run is the platform's and may do all, so he is looked at when he steers it.
/// </summary>
internal sealed class RunGrants(UnitOfWork work, SagaRegistry registry, CurrentCaller caller)
{
    /// <summary>Names the first permission that the caller lacks. A run that is not there needs none: whoever steers it is told so.</summary>
    public async Task<Error?> MissingAsync(Guid run, CancellationToken ct)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                "SELECT definition, version, state::text AS state FROM saga_runs WHERE id = @run",
                new { run },
                work.Transaction,
                cancellationToken: ct
            )
        );
        if (row is null)
        {
            return null;
        }

        return Grants.Missing(caller.Value, Of(Read(row)));
    }

    /// <summary>Null of what another release began and this one cannot read.</summary>
    private object? Read(Row row)
    {
        if (registry.Find(row.Definition, row.Version) is not { } definition)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(row.State, definition.State, SagaJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>By the state of a run; null entries need nothing. One that is not known may be anything.</summary>
    internal static string?[] Of(object? state) =>
        state switch
        {
            ProvisionState s =>
            [
                Grants.Radius,
                s.OnuSerial is null ? null : Grants.Pon,
                (s.CpeMacAddress, s.WifiSsid) is (null, null) ? null : Grants.Cpe,
            ],
            // Where nobody asked the OLT, nobody knows that there is no ONU.
            DeprovisionState s => [Grants.Radius, s.HasOnu == false ? null : Grants.Pon],
            NetworkChange s => [Grants.Radius, s.OnuSerial is null ? null : Grants.Pon, s.CpeMacAddress is null ? null : Grants.Cpe],
            PlanChange => [Grants.Radius],
            AccessChange => [Grants.Sessions],
            AttachState => [Grants.Pon, Grants.Radius],
            RepairState s => [RepairFinding.Needed(s.Kind)],
            // Another group's upkeep touches no line.
            not null when state.GetType().Assembly != typeof(RunGrants).Assembly => [],
            _ => [Grants.Radius, Grants.Sessions, Grants.Ipam, Grants.Pon, Grants.Cpe],
        };

    private sealed record Row(string Definition, int Version, string State);
}
