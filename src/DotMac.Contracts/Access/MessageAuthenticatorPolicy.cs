namespace DotMac.Contracts.Access;

/// <summary>What is asked of a NAS's Access-Requests about Message-Authenticator (RFC 2869 §5.14, CVE-2024-3596). Stored as its number.</summary>
public enum MessageAuthenticatorPolicy : short
{
    /// <summary>A request without one is dropped.</summary>
    Require = 0,

    /// <summary>Required once the NAS has shown that it signs: 16 signed Access-Requests (EAP aside) in a row.</summary>
    Auto = 1,

    /// <summary>A request without one is served: for NAS that cannot send it. A wrong one is still dropped.</summary>
    Ignore = 2,
}
