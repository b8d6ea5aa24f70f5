using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>Whom the server does not trust gets no answer at all, and is counted at /metrics.</summary>
public sealed class SignatureTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    /// <summary>How long a radclient waits before silence counts as silence, seconds.</summary>
    private const double Silence = 1;

    [PeerFact("radclient")]
    public async Task An_unknown_nas_hears_nothing_on_either_port()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var stranger = RadiusFixture.NewAddress();
        var before = (await host.DroppedAsync("auth", "unknown_client"), await host.DroppedAsync("acct", "unknown_client"));

        var credentials = $"User-Name = {user.Username}\nUser-Password = {user.Password}";
        (await nas.RadclientAsync(credentials, from: stranger, waitSeconds: Silence)).ShouldBe(null);
        var record = $"User-Name = {user.Username}\nAcct-Status-Type = Start\nAcct-Session-Id = stranger-1";
        (await nas.RadclientAsync(record, "acct", from: stranger, waitSeconds: Silence)).ShouldBe(null);

        await host.DropsAsync("auth", "unknown_client", before.Item1 + 1);
        await host.DropsAsync("acct", "unknown_client", before.Item2 + 1);
        (await nas.RadclientAsync(credentials)).ShouldBe("Access-Accept");
    }

    [PeerFact("radclient")]
    public async Task A_wrong_secret_is_silence_when_signed_and_a_wrong_password_when_not()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var before = await host.DroppedAsync("auth", "bad_message_authenticator");
        var credentials = $"User-Name = {user.Username}\nUser-Password = {user.Password}";

        (await nas.RadclientAsync(credentials + "\nMessage-Authenticator = 0x00", secret: "not-it", waitSeconds: Silence)).ShouldBe(null);
        await host.DropsAsync("auth", "bad_message_authenticator", before + 1);

        // Unsigned PAP with another secret decrypts to something else; the reject is signed with the true secret, so radclient drops it.
        (await nas.RadclientAsync(credentials, secret: "not-it", waitSeconds: Silence)).Reply.ShouldNotBe("Access-Accept");
        (await host.DecisionsAsync(nas, 1)).ShouldBe(["password.wrong"]);
    }

    [Fact]
    public async Task A_message_authenticator_with_one_bit_changed_is_silence()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var before = await host.DroppedAsync("auth", "bad_message_authenticator");
        var good = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", user.Username)
            .UserPassword(user.Password)
            .Build(nas.SecretBytes);
        var bad = good.ToArray();
        bad[22] ^= 1;

        using var socket = nas.Open();
        (await socket.AskAsync(bad, 0.7)).ShouldBeNull();
        (await socket.AskAsync(good)).ShouldNotBeNull()[0].ShouldBe((byte)PacketCode.AccessAccept);
        await host.DropsAsync("auth", "bad_message_authenticator", before + 1);
    }

    [PeerTheory("radclient")]
    [InlineData("require", false)]
    [InlineData("auto", true)]
    [InlineData("ignore", true)]
    public async Task An_unsigned_request_is_answered_as_the_policy_of_the_nas_says(string policy, bool answered)
    {
        var nas = await host.NasAsync(policy: policy);
        var user = await host.SubscriberAsync();
        var before = await host.DroppedAsync("auth", "missing_message_authenticator");

        (await nas.RadclientAsync(Unsigned(user), waitSeconds: answered ? 20 : Silence)).ShouldBe(answered ? "Access-Accept" : null);
        await host.DropsAsync("auth", "missing_message_authenticator", before + (answered ? 0 : 1));
        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
    }

    [PeerTheory("radclient")]
    [InlineData("auto", false)]
    [InlineData("ignore", true)]
    public async Task A_nas_that_has_shown_to_sign_is_held_to_it_unless_told_otherwise(string policy, bool stillAnswered)
    {
        var nas = await host.NasAsync(policy: policy);
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        (await nas.RadclientAsync(Unsigned(user))).ShouldBe("Access-Accept");
        for (var i = 0; i < 16; i++)
        {
            (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        }

        // The attacker of CVE-2024-3596 strips the signature: from now on its absence is a forgery.
        (await nas.RadclientAsync(Unsigned(user), waitSeconds: stillAnswered ? 20 : Silence)).ShouldBe(
            stillAnswered ? "Access-Accept" : null
        );
    }

    [PeerFact("radclient")]
    public async Task Status_server_is_answered_on_both_ports_when_signed()
    {
        var nas = await host.NasAsync();

        (await nas.RadclientAsync("Message-Authenticator = 0x00", "status")).ShouldBe("Access-Accept");
        (await nas.RadclientAsync("Message-Authenticator = 0x00", "status", port: nas.Host.RadiusAcctPort)).ShouldBe("Accounting-Response");
        (await nas.RadclientAsync("Message-Authenticator = 0x00", "status", secret: "not-it", waitSeconds: Silence)).ShouldBe(null);

        var unsigned = new RequestBuilder(PacketCode.StatusServer).Build(nas.SecretBytes);
        foreach (var accounting in new[] { false, true })
        {
            using var socket = nas.Open(accounting);
            (await socket.AskAsync(unsigned, 0.7)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Eap_without_a_signature_is_silence()
    {
        var nas = await host.NasAsync(policy: "ignore");
        var unsigned = new RequestBuilder(PacketCode.AccessRequest).Add("User-Name", "bob").Add("EAP-Message", "0x0200000801626f62");

        using var socket = nas.Open();
        (await socket.AskAsync(unsigned.Build(nas.SecretBytes), 0.7)).ShouldBeNull();
    }

    private static string Unsigned(TestSubscriber user) => $"User-Name = {user.Username}\nUser-Password = {user.Password}";
}
