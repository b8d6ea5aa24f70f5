using System.Globalization;
using DotMac.Access.Profiles;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Host.Demo;

/// <summary>One running session of a simulated NAS: its counters, and the packets that speak of it.</summary>
internal sealed class SimulatedSession(DemoLogin login, DemoNas nas, string id, DateTimeOffset startedAt)
{
    private const uint NasPortTypeEthernet = 15;
    private const uint NasPortTypeWireless = 19;
    private double uploaded;
    private double downloaded;
    private DateTimeOffset countedAt = startedAt;

    public DemoLogin Login => login;
    public string Id => id;
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>When the next Interim-Update is due.</summary>
    public DateTimeOffset DueAt { get; set; } = startedAt;

    /// <summary>How much of the line is in use, 0 to 1.</summary>
    public double Load { get; set; }

    /// <summary>Counts the octets since the last time, at the present load.</summary>
    public void CountUntil(DateTimeOffset now)
    {
        ProfileFields profile = DemoNetwork.Profiles[login.Profile];
        var seconds = (now - countedAt).TotalSeconds;
        downloaded += seconds * Load * profile.DownloadRateKbps!.Value * 1000 / 8;
        uploaded += seconds * Load * 0.25 * profile.UploadRateKbps!.Value * 1000 / 8;
        countedAt = now;
    }

    public byte[] Start() => Accounting("Start", StartedAt).Build(Secret);

    public byte[] Interim(DateTimeOffset at) => Counted("Interim-Update", at).Build(Secret);

    public byte[] Stop(DateTimeOffset at, string cause) => Counted("Stop", at).Add("Acct-Terminate-Cause", cause).Build(Secret);

    private byte[] Secret => System.Text.Encoding.UTF8.GetBytes(nas.Secret);

    private RequestBuilder Counted(string status, DateTimeOffset at)
    {
        var (up, down) = ((ulong)uploaded, (ulong)downloaded);
        return Accounting(status, at)
            .Add(AttributeType.AcctSessionTime, (uint)(at - StartedAt).TotalSeconds)
            .Add(AttributeType.AcctInputOctets, (uint)up)
            .Add(AttributeType.AcctInputGigawords, (uint)(up >> 32))
            .Add(AttributeType.AcctOutputOctets, (uint)down)
            .Add(AttributeType.AcctOutputGigawords, (uint)(down >> 32));
    }

    private RequestBuilder Accounting(string status, DateTimeOffset at) =>
        new RequestBuilder(PacketCode.AccountingRequest)
            .Add("Acct-Status-Type", status)
            .Add(AttributeType.AcctSessionId, id)
            .Add(AttributeType.UserName, login.Username)
            .Add(AttributeType.NasIpAddress, nas.Address)
            .Add(AttributeType.NasIdentifier, nas.Shortname)
            .Add(AttributeType.NasPortType, login.Nas == 2 ? NasPortTypeEthernet : NasPortTypeWireless)
            .Add(AttributeType.NasPortId, string.Create(CultureInfo.InvariantCulture, $"ether{1 + (login.Index % 8)}"))
            .Add(AttributeType.CallingStationId, CallingStationId(login))
            .Add(AttributeType.CalledStationId, nas.Shortname)
            .Add(AttributeType.FramedIpAddress, login.SessionAddress)
            .Add(AttributeType.EventTimestamp, (uint)at.ToUnixTimeSeconds());

    public static string CallingStationId(DemoLogin login) =>
        string.Create(CultureInfo.InvariantCulture, $"02:00:5E:10:{login.Index / 256:X2}:{login.Index % 256:X2}");
}
