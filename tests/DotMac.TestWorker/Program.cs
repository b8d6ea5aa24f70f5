using DotMac.Host;
using DotMac.Host.Settings;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A worker in a process of its own, for tests that kill it.
//   drill SEED                    the platform's own worker, settings as always, with trouble in every step
//   hold                          the same, with each step held, refused or fatal as a table of the database says
//   APP AAA PLATFORM [LOST SLOW]  the toys alone, over those connection strings; so many workers lost or too slow before a run is set aside
if (args is ["drill", _] or ["hold"])
{
    var settings = HostSettings.Read(HostSettings.ProcessEnvironment(), out _);
    var extra = new NodeExtra
    {
        Register = args is ["drill", var seed]
            ? services => Drill.Add(services, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture))
            : Holding.Add,
    };
    return await Node.RunAsync(settings, NodeRoles.Worker, migrate: false, CancellationToken.None, extra);
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new Databases(args[0], args[1], args[2]));
var options = new SagaOptions
{
    AtOnce = 8,
    Lease = TimeSpan.FromSeconds(1.5),
    Poll = TimeSpan.FromMilliseconds(100),
};
if (args.Length > 3)
{
    var limits = args[3..].Select(a => int.Parse(a, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
    options = options with { MostClaims = limits[0], MostSlow = limits[1] };
}

builder.Services.AddSingleton(options);
builder.Services.AddKernel().AddToys(Toy.V1, Toy.V2, Toy.Lenient, Toy.Patient).AddSagaWorker();
var host = builder.Build();
await host.StartAsync();
Console.WriteLine("Working");
await host.WaitForShutdownAsync();
return 0;
