using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>What carries the tenant's Disconnect- and CoA-Requests.</summary>
/// <param name="Transport">direct, radclient or http.</param>
/// <param name="ProxyUrl">Where the HTTP proxy is, also while another transport is chosen.</param>
/// <param name="HasProxyToken">Whether a token is kept. It is never told.</param>
/// <param name="TestedAt">When the proxy last answered a test.</param>
public sealed record CoaSettingsView(string Transport, string? ProxyUrl, bool HasProxyToken, DateTimeOffset? TestedAt)
{
    internal sealed record Row(short Transport, string? ProxyUrl, byte[]? ProxyToken, DateTimeOffset? TestedAt)
    {
        public CoaSettingsView ToView() => new(Words.Of((CoaTransport)Transport), ProxyUrl, ProxyToken is not null, TestedAt);
    }

    internal static async Task<Row> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                "SELECT transport, proxy_url, proxy_token, tested_at FROM coa_settings",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        ) ?? new Row((short)CoaTransport.Direct, null, null, null);
}
