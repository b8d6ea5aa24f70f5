using System.Globalization;
using DotMac.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// The health of accounting: unhealthy while the journal cannot be written (records are not acknowledged then, NAS keep them and send them again),
/// degraded while more of it waits for the database than <see cref="AaaOptions.JournalWarnBytes"/>. Gauges: <c>radius_journal_writable</c>,
/// <c>radius_journal_backlog_bytes</c>, <c>radius_journal_free_bytes</c>.
/// </summary>
internal sealed class JournalHealth(Journal journal, AccountingProjector projector, AaaOptions options) : IHostedService, IHealthCheck
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        KernelTelemetry.Meter.CreateObservableGauge("radius_journal_writable", () => journal.Failure is null ? 1 : 0);
        KernelTelemetry.Meter.CreateObservableGauge("radius_journal_backlog_bytes", () => projector.BacklogBytes);
        KernelTelemetry.Meter.CreateObservableGauge("radius_journal_free_bytes", FreeBytes);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var backlog = projector.BacklogBytes;
        var waits = string.Create(CultureInfo.InvariantCulture, $"{backlog / 1_048_576.0:0.0} MiB wait for the database");
        return Task.FromResult(
            journal.Failure is { } failure
                ? HealthCheckResult.Unhealthy($"The journal cannot be written, accounting is not acknowledged: {failure}")
            : backlog > options.JournalWarnBytes ? HealthCheckResult.Degraded(waits + ", more than is usual")
            : HealthCheckResult.Healthy(waits)
        );
    }

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(journal.Folder)).AvailableFreeSpace;
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
