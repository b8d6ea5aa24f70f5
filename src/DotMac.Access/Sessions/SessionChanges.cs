using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Sessions;

/// <summary>Tells who watches a tenant's sessions that some have changed.</summary>
internal sealed class SessionChanges(
    Databases databases,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<SessionChanges> log
) : TenantChanges("radacct_changed", databases, lifetime, clock, log);
