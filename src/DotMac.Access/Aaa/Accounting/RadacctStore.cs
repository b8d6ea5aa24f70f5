using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>Reads and writes <c>radacct</c> and the usage rollups in sets, inside the projector's transaction.</summary>
internal sealed class RadacctStore(NpgsqlConnection connection)
{
    /// <summary>How much later than it says a session may have begun and still be found among the recent ones.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(2);

    /// <summary>
    /// The newest row of each session that the records speak of. Looked for in the months in which it can have begun by its own account, so that the
    /// months before cost nothing; only a session that is not there although it must be (its NAS keeps the time from us) is looked for in all.
    /// </summary>
    public async Task<Dictionary<(Guid, string), SessionRow>> FindAsync(IReadOnlyCollection<AccountingRecord> records, CancellationToken ct)
    {
        var found = new Dictionary<(Guid, string), SessionRow>(records.Count);
        var wanted = new HashSet<(Guid, string)>(records.Count);
        var running = new HashSet<(Guid, string)>();
        var earliest = DateTimeOffset.MaxValue;
        foreach (var record in records)
        {
            var key = (record.TenantId, record.AcctUniqueId);
            wanted.Add(key);
            if (record.Status != AcctStatus.Start)
            {
                running.Add(key);
            }

            var began = SessionProjection.BeganAt(record);
            earliest = began < earliest ? began : earliest;
        }

        var since = (earliest - Margin).UtcDateTime;
        await FindAsync(wanted, since, found, ct);
        running.ExceptWith(found.Keys);
        if (running.Count > 0)
        {
            await FindAsync(running, null, found, ct);
        }

        return found;
    }

    private async Task FindAsync(
        HashSet<(Guid Tenant, string UniqueId)> sessions,
        DateTime? since,
        Dictionary<(Guid, string), SessionRow> found,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT ON (r.tenant_id, r.acctuniqueid)
                r.tenant_id, r.acctuniqueid, r.radacctid, r.acctstarttime, r.acctupdatetime, r.acctstoptime, r.acctsessiontime,
                r.acctinputoctets, r.acctoutputoctets, r.upload_bps, r.download_bps, r.acctsessionid, r.nas_id, r.nasipaddress, r.subscriber_id,
                r.username, r.nasportid, r.nasporttype, r.calledstationid, r.callingstationid, r.servicetype, r.framedprotocol, r.acctauthentic,
                r.connectinfo_start, r.connectinfo_stop, r.class, r.acctterminatecause, r.framedipaddress, r.framedipv6address,
                r.framedipv6prefix, r.framedinterfaceid, r.delegatedipv6prefix, r.presumed_stop, r.input_base,
                r.output_base
            FROM unnest($1, $2) AS wanted (tenant, uid) JOIN radacct r ON r.tenant_id = wanted.tenant AND r.acctuniqueid = wanted.uid
                AND r.acctstarttime >= $3
            ORDER BY r.tenant_id, r.acctuniqueid, r.acctstarttime DESC
            """,
            connection
        );
        command.Parameters.AddWithValue(sessions.Select(s => s.Tenant).ToArray());
        command.Parameters.AddWithValue(sessions.Select(s => s.UniqueId).ToArray());
        command.Parameters.AddWithValue(since ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = Row(reader);
            found[(row.TenantId, row.AcctUniqueId)] = row;
        }
    }

    public async Task InsertAsync(IReadOnlyList<SessionRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await EnsurePartitionsAsync(rows, ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO radacct (acctstarttime, acctupdatetime, acctstoptime, acctinterval, acctsessiontime, acctinputoctets, acctoutputoctets,
                upload_bps, download_bps, nasportid, nasporttype, calledstationid, callingstationid, servicetype, framedprotocol, acctauthentic,
                connectinfo_start, connectinfo_stop, class, acctterminatecause, framedipaddress, framedipv6address, framedipv6prefix,
                framedinterfaceid, delegatedipv6prefix, subscriber_id, presumed_stop, input_base, output_base, tenant_id, acctuniqueid, acctsessionid, username, nas_id, nasipaddress)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
                $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)
            """,
            connection
        );
        AddChanging(command, rows);
        Add(command, NpgsqlDbType.Uuid, rows, r => r.TenantId);
        Add(command, NpgsqlDbType.Text, rows, r => r.AcctUniqueId);
        Add(command, NpgsqlDbType.Text, rows, r => r.AcctSessionId);
        Add(command, NpgsqlDbType.Text, rows, r => r.Username);
        Add(command, NpgsqlDbType.Uuid, rows, r => r.NasId);
        Add(command, NpgsqlDbType.Inet, rows, r => r.NasIpAddress);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task UpdateAsync(IReadOnlyList<SessionRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await EnsurePartitionsAsync(rows.Where(r => r.StartedAt != r.StoredStart), ct);
        await using var command = new NpgsqlCommand(
            """
            UPDATE radacct r SET acctstarttime = n.c1, acctupdatetime = n.c2, acctstoptime = n.c3, acctinterval = n.c4, acctsessiontime = n.c5,
                acctinputoctets = n.c6, acctoutputoctets = n.c7, upload_bps = n.c8, download_bps = n.c9, nasportid = n.c10, nasporttype = n.c11,
                calledstationid = n.c12, callingstationid = n.c13, servicetype = n.c14, framedprotocol = n.c15, acctauthentic = n.c16,
                connectinfo_start = n.c17, connectinfo_stop = n.c18, class = n.c19, acctterminatecause = n.c20, framedipaddress = n.c21,
                framedipv6address = n.c22, framedipv6prefix = n.c23, framedinterfaceid = n.c24, delegatedipv6prefix = n.c25, subscriber_id = n.c26,
                presumed_stop = n.c27, input_base = n.c28, output_base = n.c29, changed_at = clock_timestamp()
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
                $27, $28, $29, $30, $31, $32)
                AS n (c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26,
                    c27, c28, c29, tenant, id, stored)
            WHERE r.tenant_id = n.tenant AND r.radacctid = n.id AND r.acctstarttime = n.stored AND r.acctstarttime BETWEEN $33 AND $34
            """,
            connection
        );
        AddChanging(command, rows);
        Add(command, NpgsqlDbType.Uuid, rows, r => r.TenantId);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.RadAcctId);
        Add(command, NpgsqlDbType.TimestampTz, rows, r => r.StoredStart.UtcDateTime);
        // Spares the planner every month in which none of them began.
        command.Parameters.AddWithValue(rows.Min(r => r.StoredStart).UtcDateTime);
        command.Parameters.AddWithValue(rows.Max(r => r.StoredStart).UtcDateTime);
        var changed = await command.ExecuteNonQueryAsync(ct);
        if (changed != rows.Count)
        {
            throw new InvalidOperationException($"{rows.Count} sessions were to be updated, {changed} were.");
        }
    }

    /// <summary>Accounting-On or -Off (RFC 2866 §4.1): every session of the NAS that began before is over.</summary>
    public async Task CloseAllAsync(AccountingRecord record, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE radacct SET acctstoptime = greatest($3, acctupdatetime), presumed_stop = true, acctterminatecause = 'NAS-Reboot', upload_bps = 0, download_bps = 0,
                changed_at = clock_timestamp()
            WHERE tenant_id = $1 AND nas_id = $2 AND acctstoptime IS NULL AND acctstarttime < $3
            """,
            connection
        );
        command.Parameters.AddWithValue(record.TenantId);
        command.Parameters.AddWithValue(record.NasId);
        command.Parameters.AddWithValue(record.HappenedAt.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Adds octets to every rollup: per subscriber, NAS and tenant.</summary>
    public async Task AddUsageAsync(IReadOnlyDictionary<UsageKey, Octets> usage, CancellationToken ct)
    {
        if (usage.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand("SELECT add_usage($1, $2, $3, $4, $5, $6)", connection);
        command.Parameters.AddWithValue(usage.Keys.Select(k => k.Tenant).ToArray());
        command.Parameters.AddWithValue(usage.Keys.Select(k => k.Subscriber).ToArray());
        command.Parameters.AddWithValue(usage.Keys.Select(k => k.Nas).ToArray());
        command.Parameters.AddWithValue(usage.Keys.Select(k => k.At).ToArray());
        command.Parameters.AddWithValue(usage.Values.Select(v => v.Up).ToArray());
        command.Parameters.AddWithValue(usage.Values.Select(v => v.Down).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task EnsurePartitionsAsync(IEnumerable<SessionRow> rows, CancellationToken ct)
    {
        var months = rows.Select(r => r.StartedAt.UtcDateTime).Select(t => new DateTime(t.Year, t.Month, 1, 0, 0, 0, DateTimeKind.Utc));
        foreach (var month in months.Distinct())
        {
            await using var ensure = new NpgsqlCommand("SELECT ensure_radacct_partition($1)", connection);
            ensure.Parameters.AddWithValue(month);
            await ensure.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Parameters 1 to 29: what a record can change.</summary>
    private static void AddChanging(NpgsqlCommand command, IReadOnlyList<SessionRow> rows)
    {
        Add(command, NpgsqlDbType.TimestampTz, rows, r => r.StartedAt.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, rows, r => r.UpdatedAt.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, rows, r => r.StoppedAt?.UtcDateTime);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.IntervalSeconds);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.SessionSeconds);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.UploadedBytes);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.DownloadedBytes);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.UploadBps);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.DownloadBps);
        Add(command, NpgsqlDbType.Text, rows, r => r.NasPortId);
        Add(command, NpgsqlDbType.Text, rows, r => r.NasPortType);
        Add(command, NpgsqlDbType.Text, rows, r => r.CalledStationId);
        Add(command, NpgsqlDbType.Text, rows, r => r.CallingStationId);
        Add(command, NpgsqlDbType.Text, rows, r => r.ServiceType);
        Add(command, NpgsqlDbType.Text, rows, r => r.FramedProtocol);
        Add(command, NpgsqlDbType.Text, rows, r => r.Authentic);
        Add(command, NpgsqlDbType.Text, rows, r => r.ConnectInfoStart);
        Add(command, NpgsqlDbType.Text, rows, r => r.ConnectInfoStop);
        Add(command, NpgsqlDbType.Text, rows, r => r.Class);
        Add(command, NpgsqlDbType.Text, rows, r => r.TerminateCause);
        Add(command, NpgsqlDbType.Inet, rows, r => r.FramedIpAddress);
        Add(command, NpgsqlDbType.Inet, rows, r => r.FramedIpv6Address);
        Add(command, NpgsqlDbType.Cidr, rows, r => r.FramedIpv6Prefix);
        Add(command, NpgsqlDbType.Text, rows, r => r.FramedInterfaceId);
        Add(command, NpgsqlDbType.Cidr, rows, r => r.DelegatedIpv6Prefix);
        Add(command, NpgsqlDbType.Uuid, rows, r => r.SubscriberId);
        Add(command, NpgsqlDbType.Boolean, rows, r => r.PresumedStop);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.UploadBase);
        Add(command, NpgsqlDbType.Bigint, rows, r => r.DownloadBase);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<SessionRow> rows, Func<SessionRow, T> value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

    private static SessionRow Row(NpgsqlDataReader r) =>
        new()
        {
            TenantId = r.GetGuid(0),
            AcctUniqueId = r.GetString(1),
            RadAcctId = r.GetInt64(2),
            StoredStart = r.GetFieldValue<DateTimeOffset>(3),
            StartedAt = r.GetFieldValue<DateTimeOffset>(3),
            UpdatedAt = r.GetFieldValue<DateTimeOffset>(4),
            StoppedAt = Value<DateTimeOffset>(r, 5),
            SessionSeconds = r.GetInt64(6),
            UploadedBytes = r.GetInt64(7),
            DownloadedBytes = r.GetInt64(8),
            UploadBps = r.GetInt64(9),
            DownloadBps = r.GetInt64(10),
            AcctSessionId = r.GetString(11),
            NasId = r.GetGuid(12),
            NasIpAddress = r.GetFieldValue<IPAddress>(13),
            SubscriberId = Value<Guid>(r, 14),
            Username = Text(r, 15),
            NasPortId = Text(r, 16),
            NasPortType = Text(r, 17),
            CalledStationId = Text(r, 18),
            CallingStationId = Text(r, 19),
            ServiceType = Text(r, 20),
            FramedProtocol = Text(r, 21),
            Authentic = Text(r, 22),
            ConnectInfoStart = Text(r, 23),
            ConnectInfoStop = Text(r, 24),
            Class = Text(r, 25),
            TerminateCause = Text(r, 26),
            FramedIpAddress = r.IsDBNull(27) ? null : r.GetFieldValue<IPAddress>(27),
            FramedIpv6Address = r.IsDBNull(28) ? null : r.GetFieldValue<IPAddress>(28),
            FramedIpv6Prefix = Value<IPNetwork>(r, 29),
            FramedInterfaceId = Text(r, 30),
            DelegatedIpv6Prefix = Value<IPNetwork>(r, 31),
            PresumedStop = r.GetBoolean(32),
            UploadBase = r.GetInt64(33),
            DownloadBase = r.GetInt64(34),
        };

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static T? Value<T>(NpgsqlDataReader r, int column)
        where T : struct => r.IsDBNull(column) ? null : r.GetFieldValue<T>(column);
}

/// <summary>Where octets are counted: five minutes of a subscriber (null: of nobody known) on a NAS.</summary>
internal readonly record struct UsageKey(Guid Tenant, Guid? Subscriber, Guid Nas, DateTime At)
{
    private const long SampleTicks = 5 * TimeSpan.TicksPerMinute;

    /// <summary>The key of a record's octets: all count at the time of the record.</summary>
    public static UsageKey Of(AccountingRecord record, Guid? subscriber) =>
        new(
            record.TenantId,
            subscriber,
            record.NasId,
            new DateTime(record.HappenedAt.UtcTicks / SampleTicks * SampleTicks, DateTimeKind.Utc)
        );
}

/// <summary>Octets from and to the subscriber; they stay at the top instead of turning negative.</summary>
internal readonly record struct Octets(long Up, long Down)
{
    public Octets Plus(long up, long down) => new(Add(Up, up), Add(Down, down));

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
