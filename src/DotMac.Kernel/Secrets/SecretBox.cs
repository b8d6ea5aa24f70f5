using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace DotMac.Kernel.Secrets;

/// <summary>What a sealed value is for. A value sealed for one purpose cannot be opened for another.</summary>
public static class SecretPurpose
{
    public const string SubscriberPassword = "subscriber.password";
    public const string NasSecret = "nas.secret";
    public const string UpstreamSecret = "upstream.secret";
    public const string CoaProxyToken = "coa.proxy-token";
    public const string SnapshotImage = "aaa.snapshot";
    public const string Totp = "user.totp";
    public const string SigningKey = "identity.signing-key";
    public const string WifiPassphrase = "cpe.wifi-passphrase";
    public const string DriverCredentials = "driver.credentials";
    public const string Replay = "idempotency.response";
}

/// <summary>Encrypts secrets at rest with the framework's Data Protection; the keys live in the data directory, never in the database.</summary>
public sealed class SecretBox(IDataProtectionProvider provider)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IDataProtector> protectors = new(StringComparer.Ordinal);

    public byte[] Seal(string purpose, string clear) => Protector(purpose).Protect(Encoding.UTF8.GetBytes(clear));

    /// <summary>The clear text.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Other keys sealed it, or it was tampered with.</exception>
    public string Open(string purpose, byte[] sealedValue) => Encoding.UTF8.GetString(Protector(purpose).Unprotect(sealedValue));

    private IDataProtector Protector(string purpose) => protectors.GetOrAdd(purpose, static (p, own) => own.CreateProtector(p), provider);
}
