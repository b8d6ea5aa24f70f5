using System.Security.Cryptography;
using System.Text;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Reads the enabled upstreams of every tenant as the <c>dotmac_aaa</c> role.</summary>
internal sealed class UpstreamRows(Databases databases, SecretBox secrets, ILogger<UpstreamRows> log)
{
    public async Task<UpstreamTable> ReadAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(
            """
            SELECT tenant_id, id, name, servers, secret, realms, strip_realm, eap, forward_accounting, strategy, priority, response_window_ms,
                status_server, require_message_authenticator, version
            FROM radius_upstreams WHERE enabled
            """
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<UpstreamEntry>();
        while (await reader.ReadAsync(ct))
        {
            byte[] secret;
            try
            {
                secret = Encoding.UTF8.GetBytes(secrets.Open(SecretPurpose.UpstreamSecret, (byte[])reader[4]));
            }
            catch (CryptographicException e)
            {
                log.LogError("The secret of upstream {Id} cannot be opened with the keys at hand: {Reason}", reader.GetGuid(1), e.Message);
                continue;
            }

            entries.Add(
                new UpstreamEntry
                {
                    TenantId = reader.GetGuid(0),
                    Id = reader.GetGuid(1),
                    Name = reader.GetString(2),
                    Servers = [.. reader.GetFieldValue<string[]>(3).Select(UpstreamServer.Parse).OfType<UpstreamServer>()],
                    Secret = secret,
                    Realms = reader.GetFieldValue<string[]>(5),
                    StripRealm = reader.GetBoolean(6),
                    Eap = reader.GetBoolean(7),
                    ForwardAccounting = reader.GetBoolean(8),
                    Strategy = (UpstreamStrategy)reader.GetInt16(9),
                    Priority = reader.GetInt32(10),
                    ResponseWindowMs = reader.GetInt32(11),
                    StatusServer = reader.GetBoolean(12),
                    RequireMessageAuthenticator = reader.GetBoolean(13),
                    Version = reader.GetInt32(14),
                }
            );
        }

        return new UpstreamTable(entries);
    }
}
