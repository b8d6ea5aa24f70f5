using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>What is said beside the answer of a PON controller.</summary>
internal static class OnuNotes
{
    public static string? Of(OnuState onu, bool staysDown = false) =>
        (staysDown, onu.IsSimulated) switch
        {
            (true, true) => "The line is suspended: it stays down until that ends. The OLT is simulated.",
            (true, false) => "The line is suspended: it stays down until that ends.",
            (false, true) => "The OLT is simulated.",
            _ => null,
        };
}
