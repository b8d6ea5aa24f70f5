using System.CommandLine;

namespace DotMac.Host.Commands;

/// <summary>Everything in one process: cluster, schema, all roles.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var command = new Command(
            "up",
            "Start everything in the foreground: private database (unless DOTMAC_DATABASE is set), schema, console, API, RADIUS."
        );
        command.SetAction((_, _) => Cli.RunAsync((settings, ct) => Node.RunAsync(settings, NodeRoles.All, migrate: true, ct)));
        return command;
    }
}
