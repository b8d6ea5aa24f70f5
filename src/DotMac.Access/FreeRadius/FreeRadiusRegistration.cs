using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.FreeRadius;

public static class FreeRadiusRegistration
{
    /// <summary>Beside the aaa role: the door that FreeRADIUS's rlm_rest knocks at, and the workers behind its SQL module.</summary>
    public static IServiceCollection AddFreeRadius(this IServiceCollection services)
    {
        services.AddSingleton<RestDoor>();
        services.AddHostedService<ProjectionWorker>();
        services.AddHostedService<InboxWorker>();
        return services;
    }
}
