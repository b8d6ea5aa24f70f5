namespace DotMac.Access.Coa;

/// <summary>What carries a tenant's requests to its NAS. Stored as its number: numbers are only ever added.</summary>
internal enum CoaTransport : short
{
    /// <summary>The platform's own packets.</summary>
    Direct = 0,

    /// <summary>FreeRADIUS's radclient, which must be installed beside the platform.</summary>
    Radclient = 1,

    /// <summary>An HTTP proxy of the tenant's, which speaks RFC 5176 to the NAS: docs/adapters/coa-http.md.</summary>
    Http = 2,
}
