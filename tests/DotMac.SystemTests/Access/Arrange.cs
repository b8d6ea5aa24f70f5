using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Makes what a test needs, through the API where there is one and as the database's owner where only the AAA plane writes.</summary>
internal static class Arrange
{
    private static int next = 10;

    public static async Task<JsonNode> NasAsync(
        this AccessApi api,
        string? nasname = null,
        int? coaPort = null,
        string secret = "xyzzy-plugh-42"
    )
    {
        var n = Interlocked.Increment(ref next);
        return await api.Client.MustAsync(
            201,
            "POST",
            "radius/nas",
            new
            {
                nasname = nasname ?? $"198.51.100.{n}",
                shortname = $"nas-{n}",
                type = "other",
                vendor = "mikrotik",
                secret,
                coa_port = coaPort,
                nas_identifier = nasname is null ? null : $"nas-{n}",
            }
        );
    }

    public static Task<JsonNode> SubscriberAsync(this AccessApi api, string username, object? more = null)
    {
        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        body["username"] = username;
        body["password"] ??= "correct-horse";
        return api.Client.MustAsync(201, "POST", "subscribers", body);
    }

    /// <summary>A row of radacct as the projector writes it; answers the session's id in the API.</summary>
    public static async Task<string> SessionAsync(
        this AccessApi api,
        JsonNode nas,
        JsonNode? subscriber,
        string acctSessionId,
        string? username = null,
        int startedMinutesAgo = 5,
        int? stoppedMinutesAgo = null,
        string nasIpAddress = "127.0.0.1",
        Guid? tenant = null
    )
    {
        var uniqueId = Guid.NewGuid().ToString("N");
        // Early on the first of a month it began in the month before.
        await api.Database.ExecuteAsync(
            "SELECT ensure_radacct_partition(now() - @startedMinutesAgo * interval '1 minute')",
            new { startedMinutesAgo }
        );
        var number = await api.Database.ScalarAsync<long>(
            """
            INSERT INTO radacct (tenant_id, acctsessionid, acctuniqueid, username, subscriber_id, nas_id, nasipaddress, acctstarttime, acctupdatetime,
                acctstoptime, acctinterval, acctsessiontime, acctinputoctets, acctoutputoctets, upload_bps, download_bps, callingstationid,
                framedipaddress, framedipv6prefix, delegatedipv6prefix, acctterminatecause)
            VALUES (@tenant, @acctSessionId, @uniqueId, @username, @subscriber, @nas, @nasIpAddress::inet, now() - @started * interval '1 minute', now(),
                now() - @stopped * interval '1 minute', 300, 60, 1000, 5000, 100, 900, 'AA-BB-CC-00-11-22', '100.64.9.9', '2001:db8:9::/64',
                '2001:db8:900::/56', CASE WHEN @stopped IS NOT NULL THEN 'User-Request' END)
            RETURNING radacctid
            """,
            new
            {
                tenant = tenant ?? AccessApi.Tenant,
                acctSessionId,
                uniqueId,
                username = username ?? subscriber?.Text("username"),
                subscriber = subscriber is null ? (Guid?)null : Guid.Parse(subscriber.Text("id")),
                nas = Guid.Parse(nas.Text("id")),
                nasIpAddress,
                started = startedMinutesAgo,
                stopped = stoppedMinutesAgo,
            }
        );
        return $"{uniqueId}.{number}";
    }

    /// <summary>A decision as the log keeps it, counted as the log counts it.</summary>
    public static Task<int> DecideAsync(
        this AccessApi api,
        JsonNode nas,
        JsonNode? subscriber,
        string code,
        double minutesAgo,
        string? username = null,
        string? data = null,
        Guid? tenant = null
    ) =>
        api.Database.ExecuteAsync(
            """
            WITH made AS (
                INSERT INTO decisions (at, tenant_id, nas_number, subscriber_id, login_version, writer, code, method, username, callingstationid, data)
                SELECT now() - @minutesAgo * interval '1 minute' - interval '1 second', @t, (SELECT n.number FROM nas n WHERE n.id = @n), @s, CASE WHEN @s IS NOT NULL THEN 1 END, 7, number, 1,
                    @username, 'AA-BB', @data
                FROM decision_codes WHERE code = @code
                RETURNING *)
            INSERT INTO decision_counts AS c (tenant_id, bucket, nas_number, code, count)
            SELECT tenant_id, date_bin('5 minutes', at, '2000-01-01'), nas_number, code, 1 FROM made
            ON CONFLICT (tenant_id, bucket, nas_number, code) DO UPDATE SET count = c.count + 1
            """,
            new
            {
                t = tenant ?? AccessApi.Tenant,
                n = Guid.Parse(nas.Text("id")),
                s = subscriber is null ? (Guid?)null : Guid.Parse(subscriber.Text("id")),
                code,
                minutesAgo,
                username,
                data,
            }
        );

    public static Task<int> EndAsync(this AccessApi api, string id) =>
        api.Database.ExecuteAsync(
            "UPDATE radacct SET acctstoptime = now(), acctterminatecause = 'Admin-Reset', changed_at = clock_timestamp() WHERE acctuniqueid = @id",
            new { id = id[..id.IndexOf('.')] }
        );

    /// <summary>What the projector sends after it has written.</summary>
    public static Task<int> NotifyAsync(this AccessApi api, Guid tenant) =>
        api.Database.ExecuteAsync("SELECT pg_notify('radacct_changed', @tenant)", new { tenant = tenant.ToString() });
}
