using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>MS-CHAP of both versions: asked by radclient, and judged by FreeRADIUS, which gets the very same octets.</summary>
public sealed class MsChapTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [PeerFact("radclient")]
    public async Task Radclient_gets_in_by_version_one_and_a_wrong_password_is_told_691()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });

        var accept = (await nas.RadclientAsync($"User-Name = {user.Username}\nMS-CHAP-Password = \"{user.Password}\"")).ShouldBe(
            "Access-Accept"
        );
        accept["MS-CHAP-MPPE-Keys"].Single().ShouldEndWith(HashHash(user.Password));
        accept["MS-MPPE-Encryption-Policy"].ShouldBe(["Encryption-Allowed"]);
        accept["MS-MPPE-Encryption-Types"].ShouldBe(["RC4-40or128-bit-Allowed"]);

        var reject = (await nas.RadclientAsync($"User-Name = {user.Username}\nMS-CHAP-Password = wrong")).ShouldBe("Access-Reject");
        reject["MS-CHAP-Error"].Single().ShouldContain("E=691 R=0 C=", Case.Sensitive, reject.Output);
        (await host.DecisionsAsync(nas, 2)).ShouldBe(["accepted", "password.wrong"]);
        var methods = await host.Database.QueryAsync<string>("SELECT DISTINCT method FROM radpostauth WHERE nas_id = @Id", new { nas.Id });
        methods.ShouldBe(["mschap"]);
    }

    [PeerTheory("freeradius")]
    [InlineData("")]
    [InlineData("@isp.example")]
    public async Task FreeRadius_and_we_answer_version_two_alike(string realm)
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 }, RadiusFixture.NewName("mschap") + realm);
        var port = Ports.Udp();
        await using var judge = await FreeRadiusPeer.StartAsync(Judge(port, nas, user));

        var request = Signed(user.Username).MsChapV2Password(user.Username, user.Password, ident: 0x7D).Build(nas.SecretBytes);
        var ours = await AskAsync(nas, request, host.Host.RadiusAuthPort);
        var theirs = await AskAsync(nas, request, port);

        theirs.Code.ShouldBe(PacketCode.AccessAccept, judge.Output);
        ours.Code.ShouldBe(PacketCode.AccessAccept);
        Proof(ours).ShouldBe(Proof(theirs));
        Proof(ours).ShouldStartWith("}S=");
        Key(ours, request, nas, MsChap.SendKeyType).ShouldBe(Key(theirs, request, nas, MsChap.SendKeyType));
        Key(ours, request, nas, MsChap.RecvKeyType).ShouldBe(Key(theirs, request, nas, MsChap.RecvKeyType));
        Key(ours, request, nas, MsChap.RecvKeyType).Length.ShouldBe(32);
        Number(ours, MsChap.EncryptionPolicyType).ShouldBe(Number(theirs, MsChap.EncryptionPolicyType));
        Number(ours, MsChap.EncryptionTypesType).ShouldBe(Number(theirs, MsChap.EncryptionTypesType));

        var wrong = Signed(user.Username).MsChapV2Password(user.Username, "wrong").Build(nas.SecretBytes);
        (await AskAsync(nas, wrong, port)).Code.ShouldBe(PacketCode.AccessReject);
        var refused = await AskAsync(nas, wrong, host.Host.RadiusAuthPort);
        refused.Code.ShouldBe(PacketCode.AccessReject);
        refused.TryRead(out var reject).ShouldBeTrue();
        reject.TryGetVendor(MsChap.Vendor, MsChap.ErrorType, out var error).ShouldBeTrue();
        Encoding.ASCII.GetString(error[1..]).ShouldMatch("^E=691 R=0 C=[0-9A-F]{32} V=3$");
        reject.TryGetVendor(MsChap.Vendor, MsChap.Success2Type, out _).ShouldBeFalse();
    }

    private static RequestBuilder Signed(string username) =>
        new RequestBuilder(PacketCode.AccessRequest).WithMessageAuthenticator().Add("User-Name", username);

    private static Task<RadiusExchange> AskAsync(TestNas nas, byte[] request, int port) =>
        new RadiusClient(TimeProvider.System, IPAddress.Parse(nas.Address)).SendAsync(
            new IPEndPoint(IPAddress.Loopback, port),
            request,
            nas.SecretBytes,
            new RetryPolicy { Tries = 6, FirstWait = TimeSpan.FromSeconds(1) },
            default
        );

    private static string Proof(RadiusExchange answer)
    {
        answer.TryRead(out var packet).ShouldBeTrue();
        packet.TryGetVendor(MsChap.Vendor, MsChap.Success2Type, out var success).ShouldBeTrue();
        return Encoding.ASCII.GetString(success);
    }

    private static string Key(RadiusExchange answer, byte[] request, TestNas nas, byte type)
    {
        answer.TryRead(out var packet).ShouldBeTrue();
        packet.TryGetVendor(MsChap.Vendor, type, out var hidden).ShouldBeTrue();
        var clear = new byte[64];
        return Convert.ToHexString(clear, 0, Salted.Decrypt(hidden, nas.SecretBytes, request.AsSpan(4, 16), clear));
    }

    private static uint Number(RadiusExchange answer, byte type)
    {
        answer.TryRead(out var packet).ShouldBeTrue();
        packet.TryGetVendorUInt32(MsChap.Vendor, type, out var number).ShouldBeTrue();
        return number;
    }

    private static string HashHash(string password)
    {
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        MsChap.TryHashPassword(Encoding.UTF8.GetBytes(password), hash).ShouldBeTrue();
        MsChap.HashHash(hash, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static string Judge(int port, TestNas nas, TestSubscriber user) =>
        $$"""
            client all {
                ipaddr = 127.0.0.0/8
                secret = {{nas.Secret}}
            }
            modules {
                mschap {
                    use_mppe = yes
                    with_ntdomain_hack = yes
                }
            }
            server judge {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{port.ToString(CultureInfo.InvariantCulture)}}
                }
                authorize {
                    update control {
                        &Cleartext-Password := "{{user.Password}}"
                    }
                    mschap
                }
                authenticate {
                    Auth-Type MS-CHAP {
                        mschap
                    }
                }
            }

            """;
}
