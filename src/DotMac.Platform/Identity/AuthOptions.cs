namespace DotMac.Platform.Identity;

/// <summary>What the host may set about signing in. The defaults are the rules; load and system tests raise the limits.</summary>
public sealed class AuthOptions
{
    public string Issuer { get; set; } = "dotmac";
    public string Audience { get; set; } = "dotmac-api";

    /// <summary>Attempts a minute from one address on one account.</summary>
    public int LoginPerMinutePerAccount { get; set; } = 5;

    /// <summary>Attempts a minute from one address, whatever the account.</summary>
    public int LoginPerMinutePerAddress { get; set; } = 30;
    public int RefreshPerMinute { get; set; } = 10;
    public int ResetPerMinute { get; set; } = 3;

    /// <summary>All limits times a factor.</summary>
    public void Multiply(int factor)
    {
        LoginPerMinutePerAccount *= factor;
        LoginPerMinutePerAddress *= factor;
        RefreshPerMinute *= factor;
        ResetPerMinute *= factor;
    }
}
