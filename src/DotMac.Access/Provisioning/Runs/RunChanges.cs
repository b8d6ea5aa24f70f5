using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Tells who watches a tenant's runs that some have changed.</summary>
internal sealed class RunChanges(Databases databases, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RunChanges> log)
    : TenantChanges("saga_changed", databases, lifetime, clock, log);
