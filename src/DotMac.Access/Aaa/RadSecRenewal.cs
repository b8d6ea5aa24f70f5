using DotMac.Radius.Tls;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa;

/// <summary>
/// Follows the certificates' files: when one was replaced, who connects from then on sees and is judged by the new ones. Files that are not good (half
/// written, expired) are told and left; what held goes on. Looked at when somebody connects, at most every two seconds.
/// </summary>
internal sealed class RadSecRenewal(RadSecOptions options, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private RadSecIdentity identity = options.Identity;
    private string seen = Look(options.Files);
    private long lookedAt = clock.GetTimestamp();

    public RadSecIdentity Current()
    {
        lock (gate)
        {
            if (clock.GetElapsedTime(lookedAt) < Every)
            {
                return identity;
            }

            lookedAt = clock.GetTimestamp();
            var now = Look(options.Files);
            if (now == seen)
            {
                return identity;
            }

            seen = now;
            var (read, faults) = options.Reread();
            if (read is not null)
            {
                identity = read;
                log.LogInformation("RadSec goes on with the certificate {Serial} from its files", read.Certificate.SerialNumber);
            }
            else
            {
                log.LogError("The files of RadSec changed and are not good, so the former ones hold: {Faults}", string.Join(' ', faults));
            }

            return identity;
        }
    }

    private static string Look(IReadOnlyList<string> files) =>
        string.Join('|', files.Select(f => new FileInfo(f)).Select(f => f.Exists ? $"{f.LastWriteTimeUtc.Ticks} {f.Length}" : "-"));
}
