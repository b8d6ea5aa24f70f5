using System.Text;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>Every row of the decision, each from a packet as a NAS would send it.</summary>
public class DecisionTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("shared-secret");

    private static readonly Login Bob = new()
    {
        TenantId = Guid.NewGuid(),
        SubscriberId = Guid.NewGuid(),
        Username = "bob",
        Password = Encoding.UTF8.GetBytes("correct horse"),
        SimultaneousUse = 1,
    };

    public static TheoryData<string, string, bool, bool, int, string> Rows =>
        new()
        {
            // credentials, known, enabled, running sessions, code
            { "pap", "correct horse", true, true, 0, "accepted" },
            { "chap", "correct horse", true, true, 0, "accepted" },
            { "chap-challenge", "correct horse", true, true, 0, "accepted" },
            { "pap", "wrong horse", true, true, 0, "password.wrong" },
            { "chap", "wrong horse", true, true, 0, "password.wrong" },
            { "chap-challenge", "correct horse ", true, true, 0, "password.wrong" },
            { "pap", "correct horse", false, true, 0, "login.unknown" },
            { "pap", "correct horse", true, false, 0, "login.disabled" },
            { "pap", "wrong horse", true, false, 0, "password.wrong" },
            { "pap", "correct horse", true, true, 1, "sessions.too_many" },
            { "eap", "", true, true, 0, "method.unsupported" },
            { "mschap", "correct horse", true, true, 0, "accepted" },
            { "mschap2", "correct horse", true, true, 0, "accepted" },
            { "mschap", "wrong horse", true, true, 0, "password.wrong" },
            { "mschap2", "wrong horse", true, true, 0, "password.wrong" },
            { "mschap2", "correct horse", false, true, 0, "login.unknown" },
            { "mschap-garbage", "", true, true, 0, "password.wrong" },
            { "none", "", true, true, 0, "credentials.missing" },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Decides(string method, string password, bool known, bool enabled, int running, string code)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, "bob");
        _ = method switch
        {
            "pap" => request.UserPassword(password),
            "chap" => request.ChapPassword(password),
            "chap-challenge" => request.ChapPassword(password, 7, [.. Enumerable.Range(1, 24).Select(i => (byte)i)]),
            "eap" => request.Add(AttributeType.EapMessage, [2, 0, 0, 8, 1, (byte)'b', (byte)'o', (byte)'b']),
            "mschap" => request.MsChapPassword(password),
            "mschap2" => request.MsChapV2Password("bob", password),
            "mschap-garbage" => request.AddVendor(MsChap.Vendor, MsChap.Response2Type, new byte[50]),
            _ => request,
        };
        PacketView.TryParse(request.Build(Secret), out var packet, out _).ShouldBeTrue();

        var verdict = Decision.Decide(
            new AccessRequestFacts
            {
                HasUsername = true,
                Credentials = Credentials.Of(packet, Secret),
                RunningSessions = running,
            },
            known ? Bob with { Enabled = enabled } : null
        );

        verdict.Code.ShouldBe(code);
        verdict.Accepted.ShouldBe(code == "accepted");
    }

    [Fact]
    public void A_request_without_a_username_is_rejected_for_that() =>
        Decision
            .Decide(new AccessRequestFacts { HasUsername = false, Credentials = Credentials.OfClearText("x"u8) }, Bob)
            .ShouldBe(Verdict.UsernameMissing);

    [Fact]
    public void No_limit_means_no_limit() =>
        Decision
            .Decide(
                new AccessRequestFacts
                {
                    HasUsername = true,
                    Credentials = Credentials.OfClearText("correct horse"u8),
                    RunningSessions = 99,
                },
                Bob with
                {
                    SimultaneousUse = 0,
                }
            )
            .ShouldBe(Verdict.Accept);
}
