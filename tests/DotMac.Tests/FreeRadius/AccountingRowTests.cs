using System.Text;
using System.Text.Json;
using DotMac.Access.FreeRadius;
using DotMac.Radius.Wire;

namespace DotMac.Tests.FreeRadius;

/// <summary>What FreeRADIUS stored becomes a packet, whatever text is in it.</summary>
public sealed class AccountingRowTests
{
    [Theory]
    [InlineData("a", 253, true)]
    [InlineData("a", 254, false)]
    [InlineData("é", 126, true)]
    [InlineData("é", 127, false)]
    [InlineData("é", 253, false)]
    [InlineData("\U0001F4E1", 64, false)]
    public void A_port_is_measured_in_octets(string letter, int times, bool goes)
    {
        var text = string.Concat(Enumerable.Repeat(letter, times));
        var packet = Packet(
            new
            {
                acctsessionid = "s",
                nasipaddress = "192.0.2.1",
                nasportid = text,
            }
        );
        packet.TryGet(AttributeType.NasPortId, out var port).ShouldBe(goes);
        if (goes)
        {
            Encoding.UTF8.GetString(port).ShouldBe(text);
        }

        packet.TryGet(AttributeType.AcctSessionId, out _).ShouldBeTrue("the record itself is kept");
    }

    [Fact]
    public void A_port_that_was_escaped_twice_is_as_the_nas_sent_it()
    {
        var packet = Packet(new { nasportid = "10.98.0.2=3D5B4500=3D5D" });
        packet.TryGet(AttributeType.NasPortId, out var port).ShouldBeTrue();
        Encoding.UTF8.GetString(port).ShouldBe("10.98.0.2[4500]");
    }

    private static PacketView Packet(object row)
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(row));
        PacketView.TryParse(new AccountingRow(json.RootElement).ToPacket(3), out var packet, out _).ShouldBeTrue();
        return packet;
    }
}
