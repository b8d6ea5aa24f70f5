using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon.Simulator;

/// <summary>One round over a tenant's simulated plant: OLTs come up, light is noticed, levels drift and are written down, alarms follow.</summary>
internal sealed class Round(UnitOfWork work, PonBooks books, Fibre fibre, TimeProvider clock)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>How often the levels are kept in the history.</summary>
    public static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(90);
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    /// <summary>Takes the tenant's round when it is due and nobody else has it; inside the current unit of work.</summary>
    public async Task<bool> TakeAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await ExecuteAsync(
                """
                INSERT INTO pon_simulator (tenant_id, ticked_at) VALUES (@TenantId, @now)
                ON CONFLICT (tenant_id) DO UPDATE SET ticked_at = excluded.ticked_at WHERE pon_simulator.ticked_at <= @due
                """,
                new
                {
                    work.TenantId,
                    now,
                    due = now - Every,
                },
                ct
            ) == 1;
    }

    /// <summary>The round's first part; answers whose light is to be looked at.</summary>
    public async Task<IReadOnlyList<FibreRow>> BeginAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await ExecuteAsync("UPDATE pon_olts SET oper = 0 WHERE oper = 1 AND last_restart_at <= @up", new { up = now - RestartTakes }, ct);
        await FailFlowsAsync(ct);
        return await fibre.AllAsync(ct);
    }

    /// <summary>Looks at the light of some. Each is locked until the end of the transaction, and orders for it wait: so a few at a time.</summary>
    public async Task LookAsync(IReadOnlyCollection<FibreRow> boxes, CancellationToken ct)
    {
        await ExecuteAsync(
            """
            UPDATE pon_simulated_onus f SET drift_db = d.drift FROM unnest(@serials, @drifts) AS d (serial, drift)
            WHERE f.tenant_id = @TenantId AND f.serial = d.serial
            """,
            new
            {
                work.TenantId,
                serials = boxes.Select(b => b.Serial).ToArray(),
                drifts = boxes.Select(b => Light.Drift(b.DriftDb, Random.Shared.NextDouble())).ToArray(),
            },
            ct
        );
        // The box before the ONU, as whoever touches a box does.
        await books.LockAsync([.. boxes.Select(b => b.Serial)], ct);
        await fibre.NoticeAsync([.. boxes.Select(b => b.Serial)], ct);
    }

    public async Task EndAsync(CancellationToken ct)
    {
        await WatchLevelsAsync(ct);
        await SampleAsync(clock.GetUtcNow(), ct);
    }

    /// <summary>A drill: the OLT took these flows and answered well; now it drops them.</summary>
    private async Task FailFlowsAsync(CancellationToken ct)
    {
        var failed = await work.Connection.QueryAsync<string>(
            new CommandDefinition(
                "UPDATE pon_flows SET state = 2 WHERE state = 0 RETURNING serial",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        );
        foreach (var serial in failed.Distinct(StringComparer.Ordinal))
        {
            if (await books.FindAsync(serial, ct) is { } row)
            {
                const string Detail = "The OLT took the flows and dropped them afterwards.";
                await books.RaiseAsync(row, AlarmKind.FlowFailed, AlarmSeverity.Major, Detail, ct);
                await books.NoteAsync("flow_failed", row.OltId, serial, Detail, ct);
            }
        }
    }

    private async Task WatchLevelsAsync(CancellationToken ct)
    {
        var limits = await PonSettings.ReadAsync(work, ct);
        var rows = await books.ReadAsync(
            """
            WHERE u.oper = 2 AND (u.rx_power_dbm < @warning OR EXISTS (
                SELECT 1 FROM pon_alarms a WHERE a.serial = u.serial AND a.kind = 2 AND a.cleared_at IS NULL))
            """,
            new { warning = limits.RxWarningDbm },
            ct
        );
        foreach (var row in rows)
        {
            if (row.RxPowerDbm < limits.RxWarningDbm)
            {
                var severity = row.RxPowerDbm < limits.RxCriticalDbm ? AlarmSeverity.Critical : AlarmSeverity.Warning;
                var detail = FormattableString.Invariant(
                    $"It receives {row.RxPowerDbm:0.0} dBm; the limit is {limits.RxWarningDbm:0.0} dBm."
                );
                await books.RaiseAsync(row, AlarmKind.LowReceivedPower, severity, detail, ct);
            }
            else if (row.RxPowerDbm > limits.RxWarningDbm + 0.5)
            {
                await books.ClearAsync(row.Serial, AlarmKind.LowReceivedPower, ct);
            }
        }
    }

    private async Task SampleAsync(DateTimeOffset now, CancellationToken ct)
    {
        var due = await ExecuteAsync(
            "UPDATE pon_simulator SET sampled_at = @now WHERE sampled_at IS NULL OR sampled_at <= @due",
            new { now, due = now - SampleEvery },
            ct
        );
        if (due == 0)
        {
            return;
        }

        await ExecuteAsync(
            """
            INSERT INTO pon_optics (tenant_id, serial, at, rx_power_dbm, tx_power_dbm, olt_rx_dbm, temperature_c)
            SELECT tenant_id, serial, @now, rx_power_dbm, tx_power_dbm, olt_rx_dbm, temperature_c FROM pon_onus
            WHERE oper = 2 AND rx_power_dbm IS NOT NULL ON CONFLICT DO NOTHING
            """,
            new { now },
            ct
        );
        await ExecuteAsync("DELETE FROM pon_optics WHERE at < @old", new { old = now - HistoryKept }, ct);
        await ExecuteAsync("DELETE FROM pon_events WHERE at < @old", new { old = now - EventsKept }, ct);
        await ExecuteAsync("DELETE FROM pon_acts WHERE at < @old", new { old = now - EventsKept }, ct);
    }

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
}
