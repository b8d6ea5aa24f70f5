using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon;

/// <summary>An ONU as the API shows it. Levels in dBm, temperature in °C, rates in kbit/s, distance in metres of fibre.</summary>
public sealed class OnuView
{
    public string Serial { get; init; } = "";

    /// <summary>The first four letters of the serial number.</summary>
    public string VendorId => Serial.Length >= 4 ? Serial[..4] : Serial;

    public Guid OltId { get; init; }
    public string OltName { get; init; } = "";
    public short Port { get; init; }
    public short OnuNumber { get; init; }

    /// <summary>The controller's own id; another one after each restart of the OLT.</summary>
    public string DeviceId { get; init; } = "";
    public OnuAdmin Admin { get; init; }
    public OnuOper Oper { get; init; }
    public Guid? OwnerId { get; init; }
    public string? Label { get; init; }
    public short? ServiceVlan { get; init; }
    public short? InnerVlan { get; init; }
    public int? DownKbps { get; init; }
    public int? UpKbps { get; init; }
    public int? DistanceM { get; init; }

    /// <summary>At the ONU, of the OLT's light.</summary>
    public double? RxPowerDbm { get; init; }
    public double? TxPowerDbm { get; init; }

    /// <summary>At the OLT, of the ONU's light.</summary>
    public double? OltRxDbm { get; init; }
    public double? TemperatureC { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public DateTimeOffset DiscoveredAt { get; init; }
    public DateTimeOffset? ActivatedAt { get; init; }
    public DateTimeOffset? OnlineSince { get; init; }
    public DateTimeOffset? LastDownAt { get; init; }
    public OnuOper? LastDownCause { get; init; }
    public int OpenAlarms { get; init; }

    /// <summary>True: a simulated OLT answers, nothing of this is glass.</summary>
    public bool Simulated { get; init; }

    internal const string Select = """
        SELECT u.*, o.name AS olt_name, o.simulated,
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
