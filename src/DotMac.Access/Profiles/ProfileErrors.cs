using DotMac.Kernel.Results;

namespace DotMac.Access.Profiles;

internal static class ProfileErrors
{
    public static readonly Error NotFound = Error.NotFound("bandwidth_profile.not_found", "There is no such bandwidth profile.");

    public static readonly Error Changed = Error.Changed("bandwidth_profile.changed");

    public static Error NameTaken(string name) =>
        Error.Conflict("bandwidth_profile.name_taken", $"Another bandwidth profile is called {name}. Choose another name.");

    public static Error InUse(long subscribers) =>
        Error.Conflict("bandwidth_profile.in_use", $"{subscribers} subscribers have this profile. Give them another one first.");
}
