using Mono.Cecil;

namespace DotMac.Tests.Rules;

/// <summary>Calls that have a better way here. The analyzers refuse most of them while one writes; this holds when somebody silences them.</summary>
public sealed class BannedRules
{
    /// <summary>Member and the projects that may name it.</summary>
    private static readonly Dictionary<string, string[]> Banned = new(StringComparer.Ordinal)
    {
        ["System.DateTime::get_Now"] = [],
        ["System.DateTime::get_UtcNow"] = [],
        ["System.DateTime::get_Today"] = [],
        ["System.DateTimeOffset::get_Now"] = [],
        ["System.DateTimeOffset::get_UtcNow"] = [],
        ["System.Threading.Tasks.Task`1::get_Result"] = [],
        ["System.Threading.Tasks.ValueTask`1::get_Result"] = [],
        ["System.Threading.Tasks.Task::Wait"] = [],
        ["System.Threading.Thread::Sleep"] = [],
        ["System.Net.Http.HttpClient::.ctor"] = [],
        ["System.Environment::GetEnvironmentVariable"] = ["dotmac"],
        ["System.Environment::GetEnvironmentVariables"] = ["dotmac"],
    };

    private static readonly string[] MayOpenSockets = ["DotMac.Radius", "DotMac.Adapters", "DotMac.Kernel", "dotmac"];

    /// <summary>Values and exceptions that name the network without touching it.</summary>
    private static readonly string[] HarmlessSocketTypes = ["SocketException", "SocketError", "AddressFamily"];

    [Fact]
    public void No_banned_call_is_made() => Calls(Code.Product).ShouldBeEmpty();

    [Theory]
    [InlineData("System.DateTime::get_Now")]
    [InlineData("System.DateTimeOffset::get_UtcNow")]
    [InlineData("System.Threading.Tasks.Task`1::get_Result")]
    [InlineData("System.Threading.Thread::Sleep")]
    [InlineData("System.Net.Http.HttpClient::.ctor")]
    [InlineData("System.Environment::GetEnvironmentVariable")]
    public void Banned_calls_are_found_also_in_async_bodies(string member) =>
        Calls(Code.Canary).ShouldContain($"ForbiddenCalls calls {member}");

    [Fact]
    public void Only_those_who_speak_to_the_network_open_sockets() => Sockets(Code.Product).ShouldBeEmpty();

    [Fact]
    public void A_socket_elsewhere_is_found() => Sockets(Code.Canary).ShouldContain("ForbiddenCalls names System.Net.Sockets.Socket");

    private static IEnumerable<string> Calls(IEnumerable<TypeDefinition> types) =>
        (
            from type in types
            from member in Code.Members(type)
            let name = $"{member.DeclaringType?.GetElementType().FullName}::{member.Name}"
            where Banned.TryGetValue(name, out var allowed) && !allowed.Contains(Code.Assembly(type), StringComparer.Ordinal)
            select $"{Code.Written(type).Name} calls {name}"
        ).Distinct();

    private static IEnumerable<string> Sockets(IEnumerable<TypeDefinition> types) =>
        (
            from type in types
            where !MayOpenSockets.Contains(Code.Assembly(type), StringComparer.Ordinal)
            from used in Code.Uses(type)
            where
                used.Namespace == "System.Net.Sockets"
                || used.FullName is "System.Net.Http.HttpClient" or "System.Net.Http.HttpMessageHandler"
            where !HarmlessSocketTypes.Contains(used.Name, StringComparer.Ordinal)
            select $"{Code.Written(type).Name} names {used.FullName}"
        ).Distinct();
}
