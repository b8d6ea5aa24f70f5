using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>Reads the snapshot's rows as the <c>dotmac_aaa</c> role: logins, NAS and profiles of every tenant.</summary>
internal sealed class SnapshotRows(Databases databases, SecretBox secrets, ILogger<SnapshotRows> log)
{
    private const string LoginColumns = """
        s.tenant_id, id, username, password, enabled, bandwidth_profile_id, framed_ipv4_address, framed_ipv4_netmask, framed_ipv6_prefix,
        framed_ipv6_address, delegated_ipv6_prefix, vlan_id, inner_vlan, session_timeout, idle_timeout, acct_interim_interval,
        simultaneous_use, filter_id, s.version + coalesce(q.version, 0) + coalesce(n.version, 0), circuit_id, remote_id, option82_policy, ipv6_mode, framed_ipv4_pool, framed_ipv6_pool,
        delegated_ipv6_pool, framed_routes, mac_address, suspended, suspension_filter_id, q.blocked, q.throttle_profile_id, s.status,
        n.qinq_enabled, n.ipv4_state, n.ipv6_state, n.deleted_at IS NULL AND n.version IS NOT NULL
        """;

    /// <summary>A limit that a volume cap put in force, or lifted, is a change of its login; so is a change of its network profile.</summary>
    private const string Versions = """
        SELECT s.tenant_id, s.id, s.version + coalesce(q.version, 0) + coalesce(n.version, 0)
        FROM subscribers s LEFT JOIN quota_marks q ON q.tenant_id = s.tenant_id AND q.subscriber_id = s.id
        LEFT JOIN subscriber_network_profiles n ON n.tenant_id = s.tenant_id AND n.subscriber_id = s.id WHERE s.deleted_at IS NULL
        """;

    public async IAsyncEnumerable<(Guid Tenant, Guid Id, int Version)> VersionsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(Versions);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return (reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2));
        }
    }

    /// <summary>The logins as they are in force (<see cref="LineInForce"/>).</summary>
    public async IAsyncEnumerable<Login> LoginsAsync((Guid Tenant, Guid Id)[] wanted, [EnumeratorCancellation] CancellationToken ct)
    {
        var flags = await FlagsAsync(ct);
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            "SELECT "
                + LoginColumns
                + """
                 FROM subscribers s JOIN unnest($1, $2) AS wanted (t, i) ON s.tenant_id = t AND s.id = i
                LEFT JOIN quota_marks q ON q.tenant_id = t AND q.subscriber_id = i
                LEFT JOIN subscriber_network_profiles n ON n.tenant_id = t AND n.subscriber_id = i WHERE s.deleted_at IS NULL
                """,
            connection
        );
        command.Parameters.AddWithValue(Array.ConvertAll(wanted, w => w.Tenant));
        command.Parameters.AddWithValue(Array.ConvertAll(wanted, w => w.Id));
        // Asked at every change of a line: planned once for each connection.
        await command.PrepareAsync(ct);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (Opened(SecretPurpose.SubscriberPassword, (byte[])reader[3], "subscriber", reader.GetGuid(1)) is not { } password)
            {
                continue;
            }

            // A profile that was taken away counts as none; its version goes on counting.
            var hasProfile = reader.GetBoolean(36);
            var stored = new Login
            {
                TenantId = reader.GetGuid(0),
                SubscriberId = reader.GetGuid(1),
                Username = reader.GetString(2),
                Password = password,
                Enabled = reader.GetBoolean(4),
                BandwidthProfileId = Value<Guid>(reader, 5),
                FramedIpv4Address = Reference<IPAddress>(reader, 6),
                FramedIpv4Netmask = Reference<IPAddress>(reader, 7),
                FramedIpv6Prefix = Value<IPNetwork>(reader, 8),
                FramedIpv6Address = Reference<IPAddress>(reader, 9),
                DelegatedIpv6Prefix = Value<IPNetwork>(reader, 10),
                VlanId = Value<short>(reader, 11),
                InnerVlan = Value<short>(reader, 12),
                SessionTimeoutSeconds = Value<int>(reader, 13),
                IdleTimeoutSeconds = Value<int>(reader, 14),
                InterimSeconds = Value<int>(reader, 15),
                SimultaneousUse = reader.GetInt32(16),
                FilterId = Reference<string>(reader, 17),
                Version = reader.GetInt32(18),
                Line = Line(reader),
                Ipv6Mode = (Ipv6Mode?)Value<short>(reader, 22),
                FramedIpv4Pool = Reference<string>(reader, 23),
                FramedIpv6Pool = Reference<string>(reader, 24),
                DelegatedIpv6Pool = Reference<string>(reader, 25),
                FramedRoutes = reader.GetFieldValue<string[]>(26) is { Length: > 0 } routes ? routes : [],
                MacAddress = Reference<string>(reader, 27),
                Suspended = reader.GetBoolean(28),
                WalledGardenFilterId = Reference<string>(reader, 29),
                QuotaBlocked = Value<bool>(reader, 30) is true,
                ThrottleProfileId = Value<Guid>(reader, 31),
                Status = (SubscriberStatus)reader.GetInt16(32),
                QinqEnabled = !hasProfile || reader.GetBoolean(33),
                Ipv4State = hasProfile ? (AddressState)reader.GetInt16(34) : AddressState.Pending,
                Ipv6State = hasProfile ? (AddressState)reader.GetInt16(35) : AddressState.Pending,
            };
            yield return LineInForce.Of(stored, flags.GetValueOrDefault(stored.TenantId, TenantFlags.Default));
        }
    }

    /// <summary>The flags of every tenant that ever set one.</summary>
    public async Task<Dictionary<Guid, TenantFlags>> FlagsAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand("SELECT tenant_id, name, value FROM tenant_flags");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(Guid Tenant, KeyValuePair<string, string> Flag)>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add((reader.GetGuid(0), KeyValuePair.Create(reader.GetString(1), reader.GetString(2))));
        }

        return rows.GroupBy(r => r.Tenant).ToDictionary(g => g.Key, g => TenantFlags.Of(g.Select(r => r.Flag)));
    }

    private static LineLock? Line(NpgsqlDataReader reader) =>
        (Reference<string>(reader, 19), Reference<string>(reader, 20)) is var (circuit, remote) && (circuit ?? remote) is not null
            ? new LineLock(circuit, remote, (Option82Policy)reader.GetInt16(21))
            : null;

    public async Task<List<NasEntry>> NasAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(
            "SELECT tenant_id, id, shortname, nasname, secret, nas_identifier, vendor, message_authenticator_policy, enabled, version, number, radsec_name, nas_group FROM nas"
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<NasEntry>();
        while (await reader.ReadAsync(ct))
        {
            if (Opened(SecretPurpose.NasSecret, (byte[])reader[4], "NAS", reader.GetGuid(1)) is not { } secret)
            {
                continue;
            }

            entries.Add(
                new NasEntry
                {
                    TenantId = reader.GetGuid(0),
                    Id = reader.GetGuid(1),
                    Shortname = reader.GetString(2),
                    Source = reader.GetFieldValue<IPNetwork>(3),
                    Secret = secret,
                    NasIdentifier = Reference<string>(reader, 5),
                    Vendor = (NasVendor)reader.GetInt16(6),
                    Policy = (MessageAuthenticatorPolicy)reader.GetInt16(7),
                    Enabled = reader.GetBoolean(8),
                    Version = reader.GetInt32(9),
                    Number = reader.GetInt32(10),
                    RadsecName = Reference<string>(reader, 11),
                    Group = Reference<string>(reader, 12),
                }
            );
        }

        return entries;
    }

    public async Task<List<Rates>> RatesAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(
            """
            SELECT tenant_id, id, name, download_rate_kbps, upload_rate_kbps, download_burst_kbps, upload_burst_kbps,
                   burst_threshold_percent, burst_time_seconds, priority, vendor_profile_name, version, allowed_nas_groups
            FROM radius_bandwidth_profiles
            """
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rates = new List<Rates>();
        while (await reader.ReadAsync(ct))
        {
            rates.Add(
                new Rates
                {
                    TenantId = reader.GetGuid(0),
                    Id = reader.GetGuid(1),
                    Name = reader.GetString(2),
                    DownKbps = reader.GetInt32(3),
                    UpKbps = reader.GetInt32(4),
                    DownBurstKbps = Value<int>(reader, 5),
                    UpBurstKbps = Value<int>(reader, 6),
                    BurstThresholdPercent = Value<short>(reader, 7),
                    BurstTimeSeconds = Value<short>(reader, 8),
                    Priority = Value<short>(reader, 9),
                    VendorProfileName = Reference<string>(reader, 10),
                    Version = reader.GetInt32(11),
                    AllowedNasGroups = reader.GetFieldValue<string[]>(12),
                }
            );
        }

        return rates;
    }

    /// <summary>A secret that cannot be opened (sealed with keys that are gone) takes its login or NAS out of service, loudly, and nothing else.</summary>
    private byte[]? Opened(string purpose, byte[] sealedValue, string what, Guid id)
    {
        try
        {
            return Encoding.UTF8.GetBytes(secrets.Open(purpose, sealedValue));
        }
        catch (CryptographicException e)
        {
            log.LogError("The secret of {What} {Id} cannot be opened with the keys at hand: {Reason}", what, id, e.Message);
            return null;
        }
    }

    private static T? Value<T>(NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static T? Reference<T>(NpgsqlDataReader reader, int column)
        where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
