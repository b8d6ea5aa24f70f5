using System.CommandLine;
using System.Net;
using DotMac.Host.Demo;
using DotMac.Host.Settings;
using DotMac.Kernel.Data;

namespace DotMac.Host.Commands;

/// <summary>Everything in one process on a demo ISP, in a data folder of its own.</summary>
internal static class DemoCommand
{
    private const string Password = "demo-network-operator";
    private const int UsualAuthPort = 1812;
    private const int UsualCoaPort = 3799;

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "The same as up on a demo ISP: plans, four simulated NAS, 200 subscribers and sessions that come and go. Its data stays apart."
        );
        command.SetAction((_, _) => Cli.RunAsync((settings, ct) => RunAsync(settings, ct)));
        return command;
    }

    private static Task<int> RunAsync(HostSettings given, CancellationToken ct)
    {
        var settings = given with
        {
            DataFolder = given.DataFolderChosen ? given.DataFolder : Path.Combine(given.DataFolder, "demo"),
            // A password that everybody knows is good enough for a console that only this machine reaches.
            AdminPassword = given.AdminPassword ?? (IPAddress.IsLoopback(given.HttpBind) ? Password : null),
        };
        var state = new DemoState { CoaPort = settings.RadiusAuthPort == UsualAuthPort ? UsualCoaPort : settings.RadiusAuthPort + 2 };
        return Node.RunAsync(
            settings,
            NodeRoles.All,
            migrate: true,
            ct,
            new NodeExtra
            {
                FirstTenant = new(DemoNetwork.Slug, DemoNetwork.Name),
                Register = services => services.AddSingleton(settings).AddSingleton(state).AddHostedService<SimulatedNetwork>(),
                OnPrepared = async (services, stop) =>
                {
                    var tenant = new DemoTenant(services, services.GetRequiredService<Databases>());
                    state.Tenant = tenant;
                    state.MarkFilled(await tenant.FillAsync(state.CoaPort, stop));
                },
                Greeting =
                    given.AdminPassword is null && settings.AdminPassword is not null
                        ? $"Sign in as {settings.AdminEmail ?? Platform.Tenants.FirstStart.DefaultEmail} with the password {Password}"
                        : null,
            }
        );
    }
}
