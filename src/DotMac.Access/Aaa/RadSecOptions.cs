using DotMac.Radius.Tls;

namespace DotMac.Access.Aaa;

/// <summary>How RADIUS over TLS is served (RFC 6614).</summary>
/// <param name="Port">TCP port; RFC 6614 says 2083.</param>
/// <param name="Identity">What is shown and believed at the start.</param>
/// <param name="Files">What it was read from.</param>
/// <param name="Reread">Reads them again; the faults when they are not good.</param>
public sealed record RadSecOptions(
    int Port,
    RadSecIdentity Identity,
    IReadOnlyList<string> Files,
    Func<(RadSecIdentity? Identity, IReadOnlyList<string> Faults)> Reread
);
