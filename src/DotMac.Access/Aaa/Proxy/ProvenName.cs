namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// What an upstream's word on a user's name is worth. The outer name of a tunnelled EAP method is anybody's to choose, so the name that the
/// upstream gives (User-Name of its Access-Accept, RFC 2865 §5.1) stands in its place; but an upstream speaks for its own realms alone: a
/// partner that is asked about his users cannot make one of them a login of ours.
/// </summary>
internal static class ProvenName
{
    /// <summary>Whether the name is the one that was asked for, with its realm or without.</summary>
    public static bool IsAsked(ReadOnlySpan<char> asked, ReadOnlySpan<char> proven) =>
        asked.StartsWith(proven, StringComparison.OrdinalIgnoreCase)
        && (asked.Length == proven.Length || asked.LastIndexOf('@') == proven.Length);

    /// <summary>Whether the upstream may say that the user is somebody else than who was asked for.</summary>
    public static bool Counts(UpstreamEntry upstream, ReadOnlySpan<char> asked, ReadOnlySpan<char> proven, bool eap)
    {
        var realm = RealmOf(proven);
        if (realm.Length > 0 && realm.Equals(RealmOf(asked), StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!eap)
        {
            return false;
        }

        var counts = upstream.Realms.Count == 0;
        foreach (var own in upstream.Realms)
        {
            counts |= own == UpstreamTable.AnyRealm || (realm.Length > 0 && realm.Equals(own, StringComparison.OrdinalIgnoreCase));
        }

        return counts;
    }

    private static ReadOnlySpan<char> RealmOf(ReadOnlySpan<char> name) =>
        name.LastIndexOf('@') is var at and >= 0 ? name[(at + 1)..] : default;
}
