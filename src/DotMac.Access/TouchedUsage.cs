using System.Collections.Concurrent;

namespace DotMac.Access;

/// <summary>Whose usage has grown since it was last looked at; filled by the accounting projection after its commits, emptied by the quotas.</summary>
/// <remarks>A hint that is lost with the process: the quotas also look at everybody now and then.</remarks>
internal sealed class TouchedUsage
{
    private readonly ConcurrentDictionary<(Guid Tenant, Guid Subscriber), bool> touched = new();

    public void Add(Guid tenant, Guid subscriber) => touched[(tenant, subscriber)] = true;

    /// <summary>Takes what has gathered, by tenant.</summary>
    public ILookup<Guid, Guid> Take()
    {
        var taken = new List<(Guid Tenant, Guid Subscriber)>();
        foreach (var (key, _) in touched)
        {
            if (touched.TryRemove(key, out _))
            {
                taken.Add(key);
            }
        }

        return taken.ToLookup(t => t.Tenant, t => t.Subscriber);
    }
}
