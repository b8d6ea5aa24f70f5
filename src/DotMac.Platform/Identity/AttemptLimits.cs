using System.Threading.RateLimiting;
using DotMac.Kernel.Results;
using Microsoft.Extensions.Options;

namespace DotMac.Platform.Identity;

/// <summary>
/// How often somebody may try, by the framework's limiters, counted in this process: each web process counts for itself.
/// The lockout of an account, counted in the database, holds across them.
/// </summary>
internal sealed class AttemptLimits(IOptions<AuthOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> account = PerMinute(options.Value.LoginPerMinutePerAccount);
    private readonly PartitionedRateLimiter<string> address = PerMinute(options.Value.LoginPerMinutePerAddress);
    private readonly PartitionedRateLimiter<string> refresh = PerMinute(options.Value.RefreshPerMinute);
    private readonly PartitionedRateLimiter<string> reset = PerMinute(options.Value.ResetPerMinute);

    /// <summary>Null, or <c>rate.limited</c> with the time to wait.</summary>
    public Error? Login(string? ip, string account) => Refusal(address, $"{ip}") ?? Refusal(this.account, $"{ip} {account}");

    public Error? Refresh(string? ip) => Refusal(refresh, $"{ip}");

    public Error? Reset(string? ip, Guid? caller) => Refusal(reset, $"{ip} {caller}");

    public void Dispose()
    {
        account.Dispose();
        address.Dispose();
        refresh.Dispose();
        reset.Dispose();
    }

    private static Error? Refusal(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
        {
            return null;
        }

        return AuthErrors.RateLimited(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1));
    }

    private static PartitionedRateLimiter<string> PerMinute(int permits) =>
        PartitionedRateLimiter.Create<string, string>(
            key =>
                RateLimitPartition.GetFixedWindowLimiter(
                    key,
                    _ => new FixedWindowRateLimiterOptions
                    {
                        PermitLimit = permits,
                        Window = TimeSpan.FromMinutes(1),
                        QueueLimit = 0,
                    }
                ),
            StringComparer.OrdinalIgnoreCase
        );
}
