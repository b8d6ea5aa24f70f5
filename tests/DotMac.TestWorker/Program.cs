using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Arguments: connection strings of the app, aaa and platform roles. A worker in a process of its own, for tests that kill it.
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new Databases(args[0], args[1], args[2]));
builder.Services.AddSingleton(
    new SagaOptions
    {
        AtOnce = 8,
        Lease = TimeSpan.FromSeconds(1.5),
        Poll = TimeSpan.FromMilliseconds(100),
    }
);
builder.Services.AddKernel().AddToys(Toy.V1, Toy.V2, Toy.Lenient).AddSagaWorker();
var host = builder.Build();
await host.StartAsync();
Console.WriteLine("Working");
await host.WaitForShutdownAsync();
