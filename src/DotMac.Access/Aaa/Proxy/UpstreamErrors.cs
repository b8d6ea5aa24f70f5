using DotMac.Kernel.Results;

namespace DotMac.Access.Aaa.Proxy;

internal static class UpstreamErrors
{
    public static readonly Error NotFound = Error.NotFound("upstream.not_found", "There is no such upstream.");

    public static readonly Error Changed = Error.Changed("upstream.changed");

    public static Error NameTaken(string name) =>
        Error.Conflict("upstream.name_taken", $"Another upstream is called {name}. Choose another name.");
}
