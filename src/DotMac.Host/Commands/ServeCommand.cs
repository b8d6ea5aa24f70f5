using System.CommandLine;

namespace DotMac.Host.Commands;

/// <summary>Some roles in one process of many over one database; does not touch the schema.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "Comma-separated: web (API and console), worker (background work), aaa (RADIUS).",
            DefaultValueFactory = _ => "web,worker,aaa",
        };
        roles.Validators.Add(result =>
        {
            if (Parse(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError(
                    $"--roles: \"{result.GetValueOrDefault<string>()}\" is not a list of web, worker, aaa. Write it like --roles web,worker."
                );
            }
        });
        var command = new Command("serve", "Start some roles of the platform; the schema must be current (dotmac migrate).") { roles };
        command.SetAction(
            (parsed, _) => Cli.RunAsync((settings, ct) => Node.RunAsync(settings, Parse(parsed.GetValue(roles))!.Value, migrate: false, ct))
        );
        return command;
    }

    /// <summary>Null when a word is not a role or there is none.</summary>
    internal static NodeRoles? Parse(string? text)
    {
        var roles = NodeRoles.None;
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "web":
                    roles |= NodeRoles.Web;
                    break;
                case "worker":
                    roles |= NodeRoles.Worker;
                    break;
                case "aaa":
                    roles |= NodeRoles.Aaa;
                    break;
                default:
                    return null;
            }
        }

        return roles == NodeRoles.None ? null : roles;
    }
}
