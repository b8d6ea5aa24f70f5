using System.CommandLine;
using DotMac.Host.OpenApi;
using DotMac.Host.Settings;
using DotMac.Kernel.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;

namespace DotMac.Host.Commands;

/// <summary>Prints the API's description. Needs no database, no port and no settings.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI document of this build.");
        command.SetAction(async (_, ct) => await PrintAsync(ct));
        return command;
    }

    private static async Task<int> PrintAsync(CancellationToken ct)
    {
        var scratch = Directory.CreateTempSubdirectory("dotmac-openapi-");
        try
        {
            Console.WriteLine(await RenderAsync(scratch.FullName, ct));
            return ExitCodes.Ok;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<string> RenderAsync(string scratch, CancellationToken ct)
    {
        var settings = HostSettings.Read(new Dictionary<string, string>(StringComparer.Ordinal), out _);
        const string Nowhere = "Host=127.0.0.1;Port=1;Username=none;Database=none";
        await using var databases = new Databases(Nowhere, Nowhere, Nowhere);
        await using var app = Composition.Build(settings, NodeRoles.Web, scratch, databases, WithoutActivity);
        await app.StartAsync(ct);
        var document = await app
            .Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApiRegistration.Document)
            .GetOpenApiDocumentAsync(ct);
        await app.StopAsync(ct);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct);
    }

    /// <summary>Only the part that builds the routes is left of what would start.</summary>
    private static void WithoutActivity(IServiceCollection services)
    {
        foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService) && !BuildsRoutes(s)).ToList())
        {
            services.Remove(hosted);
        }

        services.AddSingleton<IServer, NoServer>();
        services.RemoveAll<ILoggerProvider>();
    }

    private static bool BuildsRoutes(ServiceDescriptor service) =>
        !service.IsKeyedService && string.Equals(service.ImplementationType?.Name, "GenericWebHostService", StringComparison.Ordinal);
}
