using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using DotMac.Access.Aaa.Snapshot;

namespace DotMac.Access.FreeRadius;

/// <summary>One attribute of an answer to rlm_rest.</summary>
/// <param name="Op"><c>:=</c> sets, <c>+=</c> adds. With <c>:=</c> an attribute of two tags would keep its last one alone.</param>
/// <param name="DoXlat">Always false: otherwise FreeRADIUS would expand <c>%{…}</c> in what a user or an operator typed.</param>
public sealed record RestValue(
    [property: JsonPropertyName("op")] string Op,
    [property: JsonPropertyName("value")] IReadOnlyList<string> Value,
    [property: JsonPropertyName("do_xlat")] bool DoXlat = false
);

/// <summary>Makes the flat object that rlm_rest reads: <c>[list:]Attribute-Name[:tag]</c> and its values.</summary>
internal static class RestReply
{
    /// <summary>Carries the reason of a refusal from authorize to post-auth, through FreeRADIUS.</summary>
    public const string ReasonAttribute = "Tmp-String-8";

    /// <summary>The password is handed over for FreeRADIUS to compare (PAP, CHAP, MS-CHAP, EAP), beside what the NAS is to be told.</summary>
    /// <param name="isDone">The request needs no proof (a MAC that may sign on by itself): FreeRADIUS has nothing to compare.</param>
    public static Dictionary<string, RestValue> Accept(Login login, IEnumerable<ProjectedRow> reply, bool isDone)
    {
        var answer = new Dictionary<string, RestValue>(StringComparer.Ordinal)
        {
            [isDone ? "control:Auth-Type" : "control:Cleartext-Password"] = new(
                ":=",
                [isDone ? "Accept" : FreeRadiusText.Escaped(Encoding.UTF8.GetString(login.Password))]
            ),
        };
        foreach (var attribute in reply.GroupBy(r => (r.Attribute, r.Op)))
        {
            answer["reply:" + attribute.Key.Attribute] = new(attribute.Key.Op, [.. attribute.Select(r => FreeRadiusText.Escaped(r.Value))]);
        }

        return answer;
    }

    /// <summary>A refusal is an answer like another (200): an error status would reach the NAS as a failure without its message.</summary>
    public static Dictionary<string, RestValue> Reject(string code, string? message)
    {
        var answer = new Dictionary<string, RestValue>(StringComparer.Ordinal)
        {
            ["control:Auth-Type"] = new(":=", ["Reject"]),
            ["request:" + ReasonAttribute] = new(":=", [code]),
        };
        if (message is not null)
        {
            answer["reply:Reply-Message"] = new(":=", [FreeRadiusText.Escaped(message)]);
        }

        return answer;
    }

    /// <summary>A dynamic client: the control attributes that make FreeRADIUS serve the address.</summary>
    public static Dictionary<string, RestValue> Client(NasEntry nas, IPAddress source)
    {
        var address = source.AddressFamily == AddressFamily.InterNetwork ? "IP-Address" : "IPv6-Address";
        return new(StringComparer.Ordinal)
        {
            ["control:FreeRADIUS-Client-" + address] = new(":=", [source.ToString()]),
            ["control:FreeRADIUS-Client-Secret"] = new(":=", [FreeRadiusText.Escaped(Encoding.UTF8.GetString(nas.Secret))]),
            ["control:FreeRADIUS-Client-Shortname"] = new(":=", [FreeRadiusText.Escaped(nas.Shortname)]),
            ["control:FreeRADIUS-Client-NAS-Type"] = new(":=", ["other"]),
            ["control:FreeRADIUS-Client-Require-MA"] = new(":=", [nas.RequiresSignature ? "yes" : "no"]),
        };
    }
}
