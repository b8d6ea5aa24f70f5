using System.Net;
using DotMac.Access.Aaa.Accounting;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Aaa;

/// <summary>What goes into the journal comes out of it, whatever has become of the subscriber meanwhile.</summary>
public class JournalRecordTests
{
    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("192.0.2.7", false)]
    public void Origin_and_packet_survive(string source, bool known)
    {
        var origin = new PacketOrigin(
            new DateTimeOffset(2026, 11, 21, 3, 12, 0, TimeSpan.Zero),
            Guid.NewGuid(),
            Guid.NewGuid(),
            known ? Guid.NewGuid() : null,
            IPAddress.Parse(source)
        );
        var request = new RequestBuilder(PacketCode.AccountingRequest)
            .Add("Acct-Status-Type", "Interim-Update")
            .Add(AttributeType.UserName, "bob")
            .Add(AttributeType.AcctSessionId, "s1")
            .Add(AttributeType.AcctInputOctets, 1_000)
            .Add(AttributeType.AcctInputGigawords, 1)
            .Add(AttributeType.AcctOutputOctets, 5)
            .Add(AttributeType.AcctDelayTime, 60)
            .Build("secret"u8);

        var record = JournalRecord.Read(JournalRecord.Write(origin, request)).ShouldNotBeNull();

        record.TenantId.ShouldBe(origin.TenantId);
        record.NasId.ShouldBe(origin.NasId);
        record.SubscriberId.ShouldBe(origin.SubscriberId);
        record.NasIpAddress.ShouldBe(origin.Source);
        record.HappenedAt.ShouldBe(origin.ReceivedAt.AddMinutes(-1));
        record.Status.ShouldBe(AcctStatus.InterimUpdate);
        (record.UploadedBytes, record.DownloadedBytes).ShouldBe((4_294_968_296, 5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("02000000000000000000")]
    public void What_is_no_record_is_left_out(string hex) => JournalRecord.Read(Convert.FromHexString(hex)).ShouldBeNull();
}
