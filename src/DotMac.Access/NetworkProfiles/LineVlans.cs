using DotMac.Contracts.Access;
using DotMac.Kernel.Outbox;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Says that the VLANs a line is sent are others now.</summary>
internal static class LineVlans
{
    public static void Tell(EventOutbox outbox, Line line, LineFacts before)
    {
        if (line.Facts.ServiceVlan is not null && Sent(line.Facts) != Sent(before))
        {
            outbox.Publish(new LineVlanChanged(line.Subscriber.Id, line.Subscriber.Username));
        }
    }

    private static (int? Service, int? Inner) Sent(LineFacts facts) => (facts.ServiceVlan, facts.QinqEnabled ? facts.InnerVlan : null);
}
