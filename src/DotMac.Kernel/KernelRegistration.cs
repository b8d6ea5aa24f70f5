using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.OutgoingHttp;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DotMac.Kernel;

public static class KernelRegistration
{
    /// <summary>The mechanism every group stands on. The host adds <see cref="Databases"/>, Data Protection and logging.</summary>
    public static IServiceCollection AddKernel(this IServiceCollection services)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTimes());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SecretBox>();
        services.TryAddSingleton(new OutgoingOptions());
        services.AddOutgoingHttp();
        services.AddSingleton<EventCatalog>();
        services.AddScoped<CurrentCaller>();
        services.AddScoped<AuditTrail>();
        services.AddScoped<AuditCapture>();
        services.AddScoped<EventOutbox>();
        services.AddScoped<UnitOfWork>();
        services.AddScoped<Drivers.Drivers>();
        services.AddScoped<Drivers.DriverSettings>();
        services.AddSagas();
        return services;
    }
}
