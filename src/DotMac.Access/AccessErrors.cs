using DotMac.Kernel.Results;

namespace DotMac.Access;

/// <summary>The refusals that every module of the group may give.</summary>
internal static class AccessErrors
{
    public static readonly Error SubscriberNotFound = Error.NotFound("subscriber.not_found", "There is no such subscriber.");
}
