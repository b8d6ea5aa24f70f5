using DotMac.Kernel.Data;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Subscribers;

/// <summary>Loads the entity that a route's key means.</summary>
internal static class LoadedSubscriber
{
    /// <summary>The entity to change, or null.</summary>
    public static async Task<Subscriber?> OfAsync(AccessDb db, UnitOfWork work, string key, CancellationToken ct) =>
        await SubscriberKey.FindAsync(work, key, ct) is { } id
            ? await db.Subscribers.SingleOrDefaultAsync(s => s.Id == id && s.DeletedAt == null, ct)
            : null;
}
