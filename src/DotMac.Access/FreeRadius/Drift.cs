namespace DotMac.Access.FreeRadius;

/// <summary>What is not as it should be in the projection. Values are not shown: passwords are among them.</summary>
/// <param name="Table">radcheck, radreply or nas.</param>
/// <param name="Name">The login, or the NAS's address.</param>
/// <param name="Problem">missing, surplus or different.</param>
/// <param name="Attributes">The attributes concerned.</param>
public sealed record DriftItem(string Table, string Name, Guid Id, string Problem, IReadOnlyList<string> Attributes);

/// <param name="Logins">How many logins were compared.</param>
/// <param name="Total">How many things differ; <paramref name="Items"/> shows the first of them.</param>
/// <param name="Repaired">Whether they are as they should be now.</param>
public sealed record Drift(DateTimeOffset At, int Logins, int Total, bool Repaired, IReadOnlyList<DriftItem> Items);

/// <summary>Gathers differences; keeps the first hundred.</summary>
internal sealed class DriftReport(DateTimeOffset at)
{
    private const int Shown = 100;
    private readonly List<DriftItem> items = [];
    private int total;

    public int Logins { get; set; }

    public void Add(string table, string name, Guid id, string problem, IEnumerable<string> attributes)
    {
        total++;
        if (items.Count < Shown)
        {
            items.Add(new DriftItem(table, name, id, problem, [.. attributes.Distinct(StringComparer.Ordinal)]));
        }
    }

    public Drift ToDrift(bool repaired) => new(at, Logins, total, repaired, items);
}
