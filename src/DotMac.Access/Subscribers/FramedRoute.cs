using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

/// <summary>
/// Routes to what lies behind a line, as Framed-Route spells them (RFC 2865 §5.22): destination with its length, gateway, metrics, parted
/// by single spaces: "203.0.113.0/29 100.64.0.10 1". Gateway 0.0.0.0 is the line's own address.
/// </summary>
internal static class FramedRoute
{
    public const int MostRoutes = 16;
    private const int MostMetrics = 5;

    /// <summary>The routes without surplus spaces, and without doubles; notes what is wrong with each under <c>framed_routes[i]</c>.</summary>
    public static string[] Read(Faults faults, IReadOnlyList<string?>? routes)
    {
        if (routes is null)
        {
            return [];
        }

        faults.Check(routes.Count <= MostRoutes, "framed_routes", "too_many", $"At most {MostRoutes} routes.");
        var read = new List<string>();
        for (var i = 0; i < Math.Min(routes.Count, MostRoutes); i++)
        {
            var words = (routes[i] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (Refusal(words) is { } refusal)
            {
                faults.Add($"framed_routes[{i}]", "bad_format", refusal);
                continue;
            }

            var route = string.Join(' ', words);
            if (!read.Contains(route, StringComparer.Ordinal))
            {
                read.Add(route);
            }
        }

        return [.. read];
    }

    private static string? Refusal(string[] words)
    {
        const string form = "Give destination, gateway and metric, such as 203.0.113.0/29 100.64.0.10 1.";
        if (words.Length < 2 || words.Length > 2 + MostMetrics || !IsIpv4(words[1]))
        {
            return form;
        }

        var slash = words[0].IndexOf('/', StringComparison.Ordinal);
        var length = 32;
        if (
            !IsIpv4(slash < 0 ? words[0] : words[0][..slash])
            || (slash >= 0 && !int.TryParse(words[0].AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length))
            || length > 32
            || !words[2..].All(m => int.TryParse(m, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        )
        {
            return form;
        }

        return slash < 0 || IPNetwork.Parse(words[0]).BaseAddress.ToString() == words[0][..slash]
            ? null
            : "The destination has bits set beyond its length: give the network's own address.";
    }

    private static bool IsIpv4(string text) =>
        IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetwork
        && string.Equals(address.ToString(), text, StringComparison.Ordinal);
}
