using DotMac.Kernel.Data;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Finds the line that a route's key (id or username of the subscriber) means.</summary>
internal static class ProfileKey
{
    public const string Route = "/network/subscribers/{key}";

    public static async Task<Line?> FindAsync(UnitOfWork work, LineWriter lines, string key, CancellationToken ct) =>
        await SubscriberKey.FindAsync(work, key, ct) is { } id ? await lines.FindAsync(id, ct) : null;
}
