using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon;

/// <summary>What a tenant has set for its PON.</summary>
public sealed class PonSettings
{
    /// <summary>A discovered ONU whose serial stands on a pending or active subscriber is activated by itself.</summary>
    public bool AutoProvision { get; init; }

    /// <summary>Below it an alarm is raised.</summary>
    public double RxWarningDbm { get; init; } = -25;

    /// <summary>Below it the alarm is critical.</summary>
    public double RxCriticalDbm { get; init; } = -27;

    internal static async Task<PonSettings> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<PonSettings>(
            new CommandDefinition(
                "SELECT auto_provision, rx_warning_dbm, rx_critical_dbm FROM pon_settings",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        ) ?? new PonSettings();
}
