using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon;

/// <summary>An ONU as the API shows it. Levels in dBm, temperature in °C, rates in kbit/s, distance in metres of fibre.</summary>
public sealed class OnuView
{
    public required string Serial { get; init; }

    /// <summary>The first four letters of the serial number.</summary>
    public string VendorId => Serial.Length >= 4 ? Serial[..4] : Serial;

    public required Guid OltId { get; init; }
    public required string OltName { get; init; }
    public required short Port { get; init; }
    public required short OnuNumber { get; init; }

    /// <summary>The controller's own id; another one after each restart of the OLT.</summary>
    public required string DeviceId { get; init; }
    public required OnuAdmin Admin { get; init; }
    public required OnuOper Oper { get; init; }
    public required Guid? OwnerId { get; init; }
    public required string? Label { get; init; }
    public required short? ServiceVlan { get; init; }
    public required short? InnerVlan { get; init; }
    public required int? DownKbps { get; init; }
    public required int? UpKbps { get; init; }
    public required int? DistanceM { get; init; }

    /// <summary>At the ONU, of the OLT's light.</summary>
    public required double? RxPowerDbm { get; init; }
    public required double? TxPowerDbm { get; init; }

    /// <summary>At the OLT, of the ONU's light.</summary>
    public required double? OltRxDbm { get; init; }
    public required double? TemperatureC { get; init; }
    public required DateTimeOffset? ObservedAt { get; init; }
    public required DateTimeOffset DiscoveredAt { get; init; }
    public required DateTimeOffset? ActivatedAt { get; init; }
    public required DateTimeOffset? OnlineSince { get; init; }
    public required DateTimeOffset? LastDownAt { get; init; }
    public required OnuOper? LastDownCause { get; init; }
    public required int OpenAlarms { get; init; }

    /// <summary>True: a simulated OLT answers, nothing of this is glass.</summary>
    public required bool Simulated { get; init; }

    internal const string Select =
        "SELECT "
        + OnuRow.Columns
        + """
            , o.name AS olt_name, o.simulated,
                (SELECT count(*)::int FROM pon_alarms a WHERE a.serial = u.serial AND a.cleared_at IS NULL) AS open_alarms
            FROM pon_onus u JOIN pon_olts o ON o.tenant_id = u.tenant_id AND o.id = u.olt_id

            """;

    internal static async Task<List<OnuView>> ReadAsync(UnitOfWork work, string which, object values, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<OnuView>(
                new CommandDefinition(Select + which, values, work.Transaction, cancellationToken: ct)
            )
        ).AsList();

    internal static async Task<OnuView?> FindAsync(UnitOfWork work, string serial, CancellationToken ct) =>
        await ReadAsync(work, "WHERE u.serial = @serial", new { serial }, ct) is [var one] ? one : null;
}
