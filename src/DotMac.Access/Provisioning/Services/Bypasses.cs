using System.Net;

namespace DotMac.Access.Provisioning.Services;

/// <summary>What a service's history says of a static address that went past the address plan.</summary>
internal static class Bypasses
{
    public static ServiceNote NoteOf(IPNetwork network, Guid runId) => new($"{network} was taken as given.", runId);
}
