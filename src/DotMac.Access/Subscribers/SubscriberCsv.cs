using System.Globalization;
using System.Text;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Subscribers;

/// <summary>Writes subscribers as CSV while they are read from the database.</summary>
internal sealed class SubscriberCsv(IServiceScopeFactory scopes)
{
    private const string Header =
        "id,subscriber_number,username,full_name,enabled,online,last_online_at,bandwidth_profile,download_rate_kbps,upload_rate_kbps,"
        + "framed_ipv4_address,framed_ipv4_netmask,framed_ipv6_prefix,framed_ipv6_address,delegated_ipv6_prefix,vlan_id,inner_vlan,"
        + "session_timeout,idle_timeout,simultaneous_use,acct_interim_interval,filter_id,notes,created_at,updated_at,"
        + "circuit_id,remote_id,option82_policy,ipv6_mode,framed_ipv4_pool,framed_ipv6_pool,delegated_ipv6_pool,framed_routes,mac_address,"
        + "suspended,suspension_reason,suspended_at,walled_garden_filter_id";

    public async Task WriteAsync(ExportSubscribers.Grant grant, Stream output, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = grant.Caller;
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, grant.Caller.TenantId, ct);
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024)
        {
            NewLine = "\r\n",
        };
        await writer.WriteLineAsync(Header.AsMemory(), ct);
        var sql = string.Concat(SubscriberView.Select, SubscriberFilter.Where, grant.Order.Clause);
        await foreach (
            var row in work
                .Connection.QueryUnbufferedAsync<SubscriberView.Row>(sql, grant.Filter.Parameters(), work.Transaction)
                .WithCancellation(ct)
        )
        {
            await writer.WriteLineAsync(Line(row).AsMemory(), ct);
        }
    }

    internal static string Line(SubscriberView.Row row) =>
        string.Join(
            ',',
            row.Id.ToString(),
            Field(row.SubscriberNumber),
            Field(row.Username),
            FreeText(row.FullName),
            row.Enabled ? "true" : "false",
            row.Online ? "true" : "false",
            Field(row.LastOnlineAt),
            FreeText(row.ProfileName),
            Field(row.DownloadRateKbps),
            Field(row.UploadRateKbps),
            row.FramedIpv4Address,
            row.FramedIpv4Netmask,
            row.FramedIpv6Prefix,
            row.FramedIpv6Address,
            row.DelegatedIpv6Prefix,
            Field(row.VlanId),
            Field(row.InnerVlan),
            Field(row.SessionTimeout),
            Field(row.IdleTimeout),
            Field(row.SimultaneousUse),
            Field(row.AcctInterimInterval),
            FreeText(row.FilterId),
            FreeText(row.Notes),
            Field(row.CreatedAt),
            Field(row.UpdatedAt),
            FreeText(row.CircuitId),
            FreeText(row.RemoteId),
            Words.Of((Option82Policy)row.Option82Policy),
            row.Ipv6Mode is { } mode ? Words.Of((Ipv6Mode)mode) : "",
            FreeText(row.FramedIpv4Pool),
            FreeText(row.FramedIpv6Pool),
            FreeText(row.DelegatedIpv6Pool),
            Field(row.FramedRoutes),
            row.MacAddress,
            row.Suspended ? "true" : "false",
            FreeText(row.SuspensionReason),
            Field(row.SuspendedAt),
            FreeText(row.WalledGardenFilterId)
        );

    private static string Field(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "";

    private static string Field(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>Text that somebody typed: = + - @ at its beginning would be a formula in a spreadsheet.</summary>
    private static string FreeText(string? text) =>
        Field(text is { Length: > 0 } && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text);

    private static string Field(string? text) =>
        text is null ? ""
        : text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
