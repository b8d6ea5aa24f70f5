using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Tests.Access;

/// <summary>Every cell of the table of an address's life, by both ways that ask it.</summary>
public sealed class AddressLifeTests
{
    // Rows and columns: pending, allocated, active, suspended, revoking, revoked, failed.
    private static readonly string[] Table =
    [
        "-A----F", // pending
        "--A-R-F", // allocated
        "---SR-F", // active
        "--A-R-F", // suspended
        "-----RF", // revoking
        "-------", // revoked
        "P------", // failed
    ];

    public static TheoryData<AddressState, AddressState, bool> Cells
    {
        get
        {
            var cells = new TheoryData<AddressState, AddressState, bool>();
            foreach (var from in Enum.GetValues<AddressState>())
            {
                foreach (var to in Enum.GetValues<AddressState>())
                {
                    cells.Add(from, to, Table[(int)from][(int)to] != '-');
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell(AddressState from, AddressState to, bool may)
    {
        from.MayBecome(to).ShouldBe(may);
        foreach (var family in Enum.GetValues<AddressFamilyKind>())
        {
            var profile = At(family, from);
            var refused = profile.Move(family, to, At(9));
            if (from == to)
            {
                refused.ShouldBeNull("staying is no move");
            }
            else
            {
                (refused is null).ShouldBe(may);
                refused?.Code.ShouldBe("address.transition_refused");
            }

            profile.StateOf(family).ShouldBe(may || from == to ? to : from);
            profile.StateOf(Other(family)).ShouldBe(AddressState.Pending, "the other family stays");
        }
    }

    [Fact]
    public void Each_state_notes_its_time()
    {
        var profile = At(AddressFamilyKind.Ipv6, AddressState.Pending);
        profile.Move(AddressFamilyKind.Ipv6, AddressState.Allocated, At(1)).ShouldBeNull();
        profile.Move(AddressFamilyKind.Ipv6, AddressState.Active, At(2)).ShouldBeNull();
        profile.Move(AddressFamilyKind.Ipv6, AddressState.Revoking, At(3)).ShouldBeNull();
        profile.Move(AddressFamilyKind.Ipv6, AddressState.Revoked, At(4)).ShouldBeNull();
        (profile.Ipv6AllocatedAt, profile.Ipv6ActivatedAt, profile.Ipv6RevokedAt, profile.Ipv6ChangedAt).ShouldBe(
            (At(1), At(2), At(4), At(4))
        );
        profile.Ipv4ChangedAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(AddressState.Revoked, AddressState.Pending)]
    [InlineData(AddressState.Failed, AddressState.Pending)]
    [InlineData(AddressState.Active, AddressState.Active)]
    public void Another_address_begins_another_life_only_after_an_end(AddressState from, AddressState then)
    {
        var profile = At(AddressFamilyKind.Ipv4, from);
        profile.BeginAnew(AddressFamilyKind.Ipv4, At(5));
        profile.Ipv4State.ShouldBe(then);
    }

    private static AddressFamilyKind Other(AddressFamilyKind family) =>
        family == AddressFamilyKind.Ipv4 ? AddressFamilyKind.Ipv6 : AddressFamilyKind.Ipv4;

    private static DateTimeOffset At(int minute) => new(2026, 11, 21, 12, minute, 0, TimeSpan.Zero);

    /// <summary>Walks a new profile to the state on the table's own ways.</summary>
    private static NetworkProfile At(AddressFamilyKind family, AddressState state)
    {
        var profile = new NetworkProfile
        {
            TenantId = Guid.Empty,
            SubscriberId = Guid.Empty,
            CreatedAt = At(0),
            UpdatedAt = At(0),
        };
        AddressState[] way = state switch
        {
            AddressState.Pending => [],
            AddressState.Allocated => [AddressState.Allocated],
            AddressState.Active => [AddressState.Allocated, AddressState.Active],
            AddressState.Suspended => [AddressState.Allocated, AddressState.Active, AddressState.Suspended],
            AddressState.Revoking => [AddressState.Allocated, AddressState.Revoking],
            AddressState.Revoked => [AddressState.Allocated, AddressState.Revoking, AddressState.Revoked],
            _ => [AddressState.Failed],
        };
        foreach (var step in way)
        {
            profile.Move(family, step, At(0)).ShouldBeNull();
        }

        return profile;
    }
}
