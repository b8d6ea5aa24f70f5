using Dapper;
using DotMac.Contracts.External;
using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;

namespace DotMac.Network.Pon.Simulator;

/// <summary>A simulated box: where it is plugged in, and whether its light can be seen.</summary>
internal sealed class FibreRow
{
    public required string Serial { get; init; }
    public Guid OltId { get; init; }
    public short Port { get; init; }
    public int DistanceM { get; init; }
    public double ExtraLossDb { get; init; }
    public double DriftDb { get; set; }
    public double OltTxDbm { get; init; }

    /// <summary>Plugged in, powered, the fibre whole, its port and its OLT up.</summary>
    public bool IsLit { get; init; }
}

/// <summary>The simulated fibre, and what of it the controller notices.</summary>
internal sealed class Fibre(UnitOfWork work, PonBooks books, OnuMoves moves, EventOutbox outbox, TimeProvider clock)
{
    private const string Select = """
        SELECT f.serial, f.olt_id, f.port, f.distance_m, f.extra_loss_db, f.drift_db, p.tx_power_dbm AS olt_tx_dbm,
            f.plugged AND f.powered AND f.fibre_intact AND p.enabled AND o.oper = 0 AS is_lit
        FROM pon_simulated_onus f
        JOIN pon_ports p ON p.tenant_id = f.tenant_id AND p.olt_id = f.olt_id AND p.number = f.port
        JOIN pon_olts o ON o.tenant_id = f.tenant_id AND o.id = f.olt_id

        """;

    public async Task<FibreRow?> FindAsync(string serial, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<FibreRow>(
            new CommandDefinition(Select + "WHERE f.serial = @serial", new { serial }, work.Transaction, cancellationToken: ct)
        );

    public async Task<IReadOnlyList<FibreRow>> AllAsync(CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<FibreRow>(
                new CommandDefinition(Select + "ORDER BY f.serial", transaction: work.Transaction, cancellationToken: ct)
            )
        ).AsList();

    /// <summary>
    /// Brings the controller's books to what the fibre shows of one box: discovers it, measures it in, or notes that its light is gone.
    /// </summary>
    /// <param name="gasped">It said that its power is going.</param>
    public async Task NoticeAsync(string serial, CancellationToken ct, bool gasped = false)
    {
        await books.LockAsync(serial, ct);
        await NoticeAsync(await FindAsync(serial, ct), await books.FindAsync(serial, ct), gasped, ct);
    }

    /// <summary>The same of several boxes whose ONUs the caller has locked. Most shine as they did: of those all levels are written at once.</summary>
    public async Task NoticeAsync(string[] serials, CancellationToken ct)
    {
        var boxes = await work.Connection.QueryAsync<FibreRow>(
            new CommandDefinition(Select + "WHERE f.serial = ANY (@serials)", new { serials }, work.Transaction, cancellationToken: ct)
        );
        var rows = (await books.ReadAsync("WHERE u.serial = ANY (@serials)", new { serials }, ct)).ToDictionary(
            r => r.Serial,
            StringComparer.Ordinal
        );
        var steady = new List<OnuRow>();
        foreach (var box in boxes)
        {
            var row = rows.GetValueOrDefault(box.Serial);
            if (row is not null && IsSteady(row, box))
            {
                Observe(row, box);
                steady.Add(row);
            }
            else
            {
                await NoticeAsync(box, row, gasped: false, ct);
            }
        }

        await books.SaveLevelsAsync(steady, ct);
    }

    /// <summary>It shines where it did, and that moves nothing but its levels.</summary>
    private static bool IsSteady(OnuRow row, FibreRow box) =>
        box.IsLit
        && (row.OltId, row.Port) == (box.OltId, box.Port)
        && (row.Admin != OnuAdmin.Enabled || row.Oper == OnuOper.Online)
        && OnuMachine.Next(row.Admin, row.Oper, OnuEvent.Lit) is { IsForgotten: false } place
        && (place.Admin, place.Oper) == (row.Admin, row.Oper);

    private async Task NoticeAsync(FibreRow? fibre, OnuRow? row, bool gasped, CancellationToken ct)
    {
        var isLit = fibre?.IsLit == true;
        if (row is not null && (!isLit || row.OltId != fibre!.OltId || row.Port != fibre.Port) && row.OltOper == OltOper.Online)
        {
            await moves.ApplyAsync(row, gasped ? OnuEvent.PowerLost : OnuEvent.LightLost, ct);
            return;
        }

        if (isLit && row is null)
        {
            await DiscoverAsync(fibre!, ct);
        }
        else if (isLit && row is not null)
        {
            await LightUpAsync(row, fibre!, ct);
        }
    }

    /// <summary>Its light is there: it is measured in, its levels are read, and its flows are put (again) when its service is on.</summary>
    public async Task LightUpAsync(OnuRow row, FibreRow fibre, CancellationToken ct, FlowState flows = FlowState.Installed)
    {
        var was = row.Oper;
        Observe(row, fibre);
        await moves.ApplyAsync(row, OnuEvent.Lit, ct);
        if (row.Admin == OnuAdmin.Enabled && was != OnuOper.Online)
        {
            await moves.ApplyAsync(row, OnuEvent.Ranged, ct);
            await books.PutFlowsAsync(row, flows, ct);
        }
    }

    public void Observe(OnuRow row, FibreRow fibre)
    {
        var optics = Light.At(fibre.Serial, fibre.OltTxDbm, fibre.DistanceM, fibre.ExtraLossDb, fibre.DriftDb);
        row.RxPowerDbm = optics.RxPowerDbm;
        row.TxPowerDbm = optics.TxPowerDbm;
        row.OltRxDbm = optics.OltRxDbm;
        row.TemperatureC = optics.TemperatureC;
        row.DistanceM = fibre.DistanceM;
        row.ObservedAt = clock.GetUtcNow();
    }

    private async Task DiscoverAsync(FibreRow fibre, CancellationToken ct)
    {
        if (!await books.DiscoverAsync(fibre.Serial, fibre.OltId, fibre.Port, fibre.DistanceM, ct))
        {
            return;
        }

        var row = (await books.FindAsync(fibre.Serial, ct))!;
        Observe(row, fibre);
        await books.SaveAsync(row, ct);
        await books.NoteAsync("onu_discovered", row.OltId, row.Serial, $"Seen on {row.PonPort} of {row.OltName}.", ct);
        var isAutomatic = await work.Connection.ExecuteScalarAsync<bool?>(
            new CommandDefinition("SELECT auto_provision FROM pon_settings", transaction: work.Transaction, cancellationToken: ct)
        );
        outbox.Publish(new OnuDiscovered(row.Serial, row.OltName, row.PonPort, isAutomatic == true));
    }
}
