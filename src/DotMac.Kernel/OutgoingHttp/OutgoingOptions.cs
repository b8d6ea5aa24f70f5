using System.Net;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>Finds the addresses of a host's name.</summary>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken ct);

/// <summary>What the platform's operator, not a tenant, says about calls that go out.</summary>
public sealed record OutgoingOptions
{
    /// <summary>Connections to one server at once (spec: provisioning §4).</summary>
    public int Connections { get; init; } = 20;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Networks besides the public internet that tenants' addresses may lead into: the management network of the OLTs, for example.</summary>
    public IReadOnlyList<IPNetwork> Allowed { get; init; } = [];

    /// <summary>So many failures in a row open a circuit …</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>… for so long.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait before the second attempt; it doubles, with jitter.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A server that asks for a longer wait (Retry-After) is not waited for: the answer says when to come again.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    public ResolveName Resolve { get; init; } = (host, ct) => Dns.GetHostAddressesAsync(host, ct);
}
