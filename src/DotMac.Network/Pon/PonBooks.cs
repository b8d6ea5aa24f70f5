using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Network.Pon;

/// <summary>The controller's books, read and written inside the current unit of work.</summary>
internal sealed class PonBooks(UnitOfWork work, TimeProvider clock)
{
    private const string Select =
        "SELECT "
        + OnuRow.Columns
        + """
            , o.name AS olt_name, o.oper AS olt_oper, o.simulated FROM pon_onus u
            JOIN pon_olts o ON o.tenant_id = u.tenant_id AND o.id = u.olt_id

            """;

    // Nothing when the port is full, or the ONU is there already.
    private const string Discovered = """
        SELECT @TenantId, @serial, @oltId, @port, @deviceId, n, 0, 0, @distanceM, @now, @now FROM pon_ports p,
            LATERAL (SELECT n FROM generate_series(0, p.capacity - 1) n WHERE NOT EXISTS (
                SELECT 1 FROM pon_onus u WHERE u.tenant_id = p.tenant_id AND u.olt_id = p.olt_id AND u.port = p.number AND u.onu_number = n)
                ORDER BY n LIMIT 1) free
        WHERE p.tenant_id = @TenantId AND p.olt_id = @oltId AND p.number = @port
            AND NOT EXISTS (SELECT FROM pon_onus u WHERE u.tenant_id = @TenantId AND u.serial = @serial)
        """;

    private const string Discover =
        "INSERT INTO pon_onus (tenant_id, serial, olt_id, port, device_id, onu_number, admin, oper, distance_m, discovered_at, changed_at) "
        + Discovered
        + " ON CONFLICT DO NOTHING";

    /// <summary>Makes whoever else acts on this ONU wait for the end of the transaction.</summary>
    public Task LockAsync(string serial, CancellationToken ct) =>
        ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended(@lock, 36))", new { @lock = $"{work.TenantId}:{serial}" }, ct);

    /// <summary>The same of several ONUs, always in one order.</summary>
    public Task LockAsync(string[] serials, CancellationToken ct) =>
        ExecuteAsync(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(k, 36))) FROM (SELECT k FROM unnest(@locks) AS k ORDER BY k) AS ordered",
            new { locks = Array.ConvertAll(serials, serial => $"{work.TenantId}:{serial}") },
            ct
        );

    public async Task<OnuRow?> FindAsync(string serial, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<OnuRow>(Command(Select + "WHERE u.serial = @serial", new { serial }, ct));

    public async Task<IReadOnlyList<OnuRow>> ReadAsync(string which, object values, CancellationToken ct) =>
        (await work.Connection.QueryAsync<OnuRow>(Command(Select + which, values, ct))).AsList();

    /// <summary>Who has this pair of tags on the OLT, other than the ONU itself; single tags may be shared.</summary>
    public Task<string?> HolderOfTagsAsync(Guid oltId, string serial, int? serviceVlan, int? innerVlan, CancellationToken ct) =>
        work.Connection.QueryFirstOrDefaultAsync<string>(
            Command(
                "SELECT serial FROM pon_onus WHERE olt_id = @oltId AND serial <> @serial AND service_vlan = @serviceVlan AND inner_vlan = @innerVlan",
                new
                {
                    oltId,
                    serial,
                    serviceVlan,
                    innerVlan,
                },
                ct
            )
        );

    /// <summary>Writes down an ONU whose light was just seen, under the port's lowest free number; false when the port is full.</summary>
    public async Task<bool> DiscoverAsync(string serial, Guid oltId, short port, int distanceM, CancellationToken ct)
    {
        // Two that light up at one time on one port reach for the same number: who loses it takes the next.
        while (true)
        {
            var found = new
            {
                work.TenantId,
                serial,
                oltId,
                port,
                deviceId = Guid.CreateVersion7().ToString("N"),
                distanceM,
                now = clock.GetUtcNow(),
            };
            if (await ExecuteAsync(Discover, found, ct) == 1)
            {
                return true;
            }

            if (!await work.Connection.ExecuteScalarAsync<bool>(Command("SELECT EXISTS (" + Discovered + ")", found, ct)))
            {
                return false;
            }
        }
    }

    public Task SaveAsync(OnuRow row, CancellationToken ct)
    {
        row.ChangedAt = clock.GetUtcNow();
        return ExecuteAsync(
            """
            UPDATE pon_onus SET device_id = @DeviceId, admin = @Admin, oper = @Oper, owner_id = @OwnerId, label = @Label, service_vlan = @ServiceVlan,
                inner_vlan = @InnerVlan, down_kbps = @DownKbps, up_kbps = @UpKbps, rx_power_dbm = @RxPowerDbm, tx_power_dbm = @TxPowerDbm,
                olt_rx_dbm = @OltRxDbm, temperature_c = @TemperatureC, observed_at = @ObservedAt, activated_at = @ActivatedAt,
                online_since = @OnlineSince, last_down_at = @LastDownAt, last_down_cause = @LastDownCause, changed_at = @ChangedAt
            WHERE serial = @Serial
            """,
            row,
            ct
        );
    }

    /// <summary>Writes the levels of several in one statement.</summary>
    public Task SaveLevelsAsync(IReadOnlyCollection<OnuRow> rows, CancellationToken ct) =>
        rows.Count == 0
            ? Task.CompletedTask
            : ExecuteAsync(
                """
                UPDATE pon_onus u SET rx_power_dbm = n.rx, tx_power_dbm = n.tx, olt_rx_dbm = n.olt_rx, temperature_c = n.temperature, observed_at = @now,
                    changed_at = @now
                FROM unnest(@serials, @rx, @tx, @oltRx, @temperatures) AS n (serial, rx, tx, olt_rx, temperature)
                WHERE u.tenant_id = @TenantId AND u.serial = n.serial
                """,
                new
                {
                    work.TenantId,
                    serials = rows.Select(r => r.Serial).ToArray(),
                    rx = rows.Select(r => r.RxPowerDbm).ToArray(),
                    tx = rows.Select(r => r.TxPowerDbm).ToArray(),
                    oltRx = rows.Select(r => r.OltRxDbm).ToArray(),
                    temperatures = rows.Select(r => r.TemperatureC).ToArray(),
                    now = clock.GetUtcNow(),
                },
                ct
            );

    public Task ForgetAsync(string serial, CancellationToken ct) =>
        ExecuteAsync("DELETE FROM pon_onus WHERE serial = @serial", new { serial }, ct);

    /// <summary>Puts the service's two flows on the OLT, in place of those that were there.</summary>
    public Task PutFlowsAsync(OnuRow row, FlowState state, CancellationToken ct) =>
        ExecuteAsync(
            """
            DELETE FROM pon_flows WHERE serial = @Serial;
            INSERT INTO pon_flows (tenant_id, serial, direction, service_vlan, inner_vlan, meter_kbps, state, installed_at)
            VALUES (@TenantId, @Serial, @Up, @ServiceVlan, @InnerVlan, @upKbps, @state, @now),
                (@TenantId, @Serial, @Down, @ServiceVlan, @InnerVlan, @downKbps, @state, @now)
            """,
            new
            {
                work.TenantId,
                row.Serial,
                Up = (short)FlowDirection.Up,
                Down = (short)FlowDirection.Down,
                row.ServiceVlan,
                row.InnerVlan,
                upKbps = row.UpKbps ?? 0,
                downKbps = row.DownKbps ?? 0,
                state = (short)state,
                now = clock.GetUtcNow(),
            },
            ct
        );

    public Task DropFlowsAsync(string serial, CancellationToken ct) =>
        ExecuteAsync("DELETE FROM pon_flows WHERE serial = @serial", new { serial }, ct);

    public Task NoteAsync(string kind, Guid? oltId, string? serial, string detail, CancellationToken ct) =>
        ExecuteAsync(
            "INSERT INTO pon_events (tenant_id, id, at, kind, olt_id, serial, detail) VALUES (@TenantId, @id, @now, @kind, @oltId, @serial, @detail)",
            new
            {
                work.TenantId,
                id = Guid.CreateVersion7(),
                now = clock.GetUtcNow(),
                kind,
                oltId,
                serial,
                detail,
            },
            ct
        );

    /// <summary>Raises an alarm, or counts it once more when it stands already.</summary>
    public Task RaiseAsync(OnuRow row, AlarmKind kind, AlarmSeverity severity, string detail, CancellationToken ct) =>
        ExecuteAsync(
            """
            INSERT INTO pon_alarms (tenant_id, id, olt_id, port, serial, kind, severity, detail, raised_at, last_raised_at)
            VALUES (@TenantId, @id, @OltId, @Port, @Serial, @kind, @severity, @detail, @now, @now)
            ON CONFLICT (tenant_id, olt_id, (coalesce(serial, '')), kind) WHERE cleared_at IS NULL
            DO UPDATE SET last_raised_at = excluded.last_raised_at, times = pon_alarms.times + 1, severity = excluded.severity, detail = excluded.detail
            """,
            new
            {
                work.TenantId,
                id = Guid.CreateVersion7(),
                row.OltId,
                row.Port,
                row.Serial,
                kind = (short)kind,
                severity = (short)severity,
                detail,
                now = clock.GetUtcNow(),
            },
            ct
        );

    /// <summary>The network itself says that it is over. Null kind: every one of the ONU's.</summary>
    public Task ClearAsync(string serial, AlarmKind? kind, CancellationToken ct) =>
        ExecuteAsync(
            "UPDATE pon_alarms SET cleared_at = @now WHERE serial = @serial AND cleared_at IS NULL AND (@kind::smallint IS NULL OR kind = @kind)",
            new
            {
                serial,
                kind = (short?)kind,
                now = clock.GetUtcNow(),
            },
            ct
        );

    /// <summary>Makes whoever else acts on this ONU wait; true when the act was done under this key before.</summary>
    public async Task<bool> LockedAndActedAsync(string key, string serial, PonAct act, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            Command(
                """
                SELECT count(pg_advisory_xact_lock(hashtextextended(@lock, 36)));
                SELECT EXISTS (SELECT 1 FROM pon_acts WHERE key = @key AND serial = @serial AND act = @act)
                """,
                new
                {
                    @lock = $"{work.TenantId}:{serial}",
                    key,
                    serial,
                    act = (short)act,
                },
                ct
            )
        );
        await read.ReadSingleAsync<long>();
        return await read.ReadSingleAsync<bool>();
    }

    /// <summary>Keeps the key. What was done before to the contrary is no longer so: its key may act again.</summary>
    public async Task ActedAsync(string key, string serial, PonAct act, CancellationToken ct)
    {
        short[] contrary = act switch
        {
            PonAct.Activate => [(short)PonAct.Remove, (short)PonAct.Disable],
            PonAct.Enable => [(short)PonAct.Disable],
            PonAct.Disable => [(short)PonAct.Enable, (short)PonAct.Activate],
            PonAct.Remove => [(short)PonAct.Activate, (short)PonAct.Enable, (short)PonAct.Disable],
            _ => [],
        };
        await ExecuteAsync(
            """
            DELETE FROM pon_acts WHERE serial = @serial AND act = ANY(@contrary);
            INSERT INTO pon_acts (tenant_id, key, serial, act, at) VALUES (@TenantId, @key, @serial, @act, @now)
            ON CONFLICT (tenant_id, key) DO UPDATE SET serial = excluded.serial, act = excluded.act, at = excluded.at
            """,
            new
            {
                work.TenantId,
                key,
                serial,
                contrary,
                act = (short)act,
                now = clock.GetUtcNow(),
            },
            ct
        );
    }

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(Command(sql, values, ct));

    private CommandDefinition Command(string sql, object values, CancellationToken ct) =>
        new(sql, values, work.Transaction, cancellationToken: ct);
}
