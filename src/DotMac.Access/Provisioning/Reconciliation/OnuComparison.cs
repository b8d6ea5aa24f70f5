using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>The ONUs of the controller against the lines that name them. Pure.</summary>
internal static class OnuComparison
{
    public static IEnumerable<Found> Of(Picture picture)
    {
        if (picture.Onus is null)
        {
            yield break;
        }

        foreach (var onu in picture.Onus.Values.Where(o => o.OwnerId is not null))
        {
            var line = picture.Lines.GetValueOrDefault(onu.OwnerId!.Value);
            if (line is null || line.OnuSerial != onu.Serial)
            {
                yield return WithoutOwner(onu, line);
            }
        }

        foreach (var line in picture.Lines.Values.Where(l => l.OnuSerial is not null && l.Status is SubscriberStatus.Active))
        {
            var onu = picture.Onus.GetValueOrDefault(line.OnuSerial!);
            if (onu?.OwnerId != line.Id)
            {
                yield return WithoutOnu(line, onu);
            }
            else if (Differs(line, onu) is { } how)
            {
                yield return Different(line, onu, how);
            }
        }
    }

    private static Found WithoutOwner(OnuState onu, WantedLine? line)
    {
        var whom = line is null ? "a subscriber that is not there any more" : $"{line.Number}, whose line names {line.OnuSerial ?? "none"}";
        return new Found(
            FindingKind.OnuWithoutOwner,
            onu.OwnerId,
            line?.Number ?? "nobody",
            onu.Serial,
            $"ONU {onu.Serial} on {onu.OltName} {onu.PonPort} carries a service for {whom}.",
            "nobody's",
            $"{Words.Of(onu.Admin)}, VLAN {Comparison.Tags(onu.ServiceVlan, onu.InnerVlan)}",
            Words.Of(onu.Oper),
            $"Take the service off {onu.Serial}; it is discovered again by its light.",
            new FindingFacts { Serial = onu.Serial }
        )
        {
            ObservedAt = onu.ObservedAt,
        };
    }

    private static Found WithoutOnu(WantedLine line, OnuState? onu)
    {
        var applied =
            onu is null ? "not seen on any port"
            : onu.OwnerId is null ? "discovered, nobody's"
            : "carries somebody else's service";
        return new Found(
            FindingKind.OwnerWithoutOnu,
            line.Id,
            line.Number,
            line.OnuSerial!,
            $"{line.Number} names ONU {line.OnuSerial}, which does not carry its service: {applied}.",
            $"carries {line.Number}",
            applied,
            onu is null ? null : Words.Of(onu.Oper),
            onu is { OwnerId: null } && line.DownKbps is not null ? $"Activate {line.OnuSerial} for {line.Number}." : null,
            FactsOf(line)
        )
        {
            ObservedAt = onu?.ObservedAt,
        };
    }

    private static string? Differs(WantedLine line, OnuState onu)
    {
        if (onu.Admin == OnuAdmin.Disabled)
        {
            return "disabled";
        }

        if (onu.ServiceVlan != line.ServiceVlan || onu.InnerVlan != line.InnerInForce)
        {
            return $"VLAN {Comparison.Tags(onu.ServiceVlan, onu.InnerVlan)}";
        }

        return line.DownKbps is not null && (onu.DownKbps != line.DownKbps || onu.UpKbps != line.UpKbps)
            ? $"{onu.DownKbps}/{onu.UpKbps} kbit/s"
            : null;
    }

    private static Found Different(WantedLine line, OnuState onu, string how)
    {
        var wanted = $"enabled, VLAN {Comparison.Tags(line.ServiceVlan, line.InnerInForce)}, {line.DownKbps}/{line.UpKbps} kbit/s";
        return new Found(
            FindingKind.OnuDiffers,
            line.Id,
            line.Number,
            onu.Serial,
            $"ONU {onu.Serial} of {line.Number} is {how}; the line says {wanted}.",
            wanted,
            how,
            Words.Of(onu.Oper),
            line.DownKbps is null ? null : $"Set {onu.Serial} to what the line says: {wanted}. The service is interrupted for seconds.",
            FactsOf(line)
        )
        {
            ObservedAt = onu.ObservedAt,
        };
    }

    private static FindingFacts FactsOf(WantedLine line) =>
        new()
        {
            Serial = line.OnuSerial,
            ServiceVlan = line.ServiceVlan,
            InnerVlan = line.InnerInForce,
            DownKbps = line.DownKbps,
            UpKbps = line.UpKbps,
        };
}
