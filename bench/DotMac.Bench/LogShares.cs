using System.Globalization;
using DotMac.Bench.Servers;

namespace DotMac.Bench;

/// <summary>
/// How much of what was answered stands in each server's log of answers (radpostauth). FreeRADIUS answers after it has written; dotmac answers
/// first, writes behind, and under more load than PostgreSQL can take lets the oldest go: a rate without this share would tell half.
/// </summary>
internal static class LogShares
{
    /// <summary>Says the shares since the counts given, and returns the counts of now.</summary>
    public static async Task<Dictionary<string, long>> SayAsync(
        IReadOnlyList<Server> servers,
        PostgreSql postgres,
        IReadOnlyList<Round> rounds,
        Dictionary<string, long>? before
    )
    {
        await postgres.SettleAsync();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var server in servers.Where(s => s.LoggedAsync is not null))
        {
            counts[server.Key] = await server.LoggedAsync!();
            var answered = rounds.Where(r => r.Server == server.Key).Sum(r => r.Answered + r.Refused);
            var written = counts[server.Key] - (before?.GetValueOrDefault(server.Key) ?? 0);
            var share = Math.Min(1, (double)written / Math.Max(1, answered));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server.Title}: {share:0.0 %} of {answered:N0} answers are in its radpostauth"
                )
            );
        }

        return counts;
    }
}
