using DotMac.Access;
using DotMac.Access.Subscribers;
using FsCheck;
using FsCheck.Fluent;

namespace DotMac.Tests.Access;

/// <summary>Cursors and ids that callers hand back.</summary>
public sealed class CursorTests
{
    private static readonly string[] Sorts =
    [
        "username",
        "-username",
        "subscriber_number",
        "full_name",
        "-full_name",
        "created_at",
        "-updated_at",
    ];

    [Fact]
    public void A_cursor_of_any_row_reads_back_in_its_own_sort_and_in_no_other() =>
        Prop.ForAll<string?, int, Guid>(
                (name, minutes, id) =>
                {
                    var row = Row(id, name, DateTimeOffset.UnixEpoch.AddTicks(Math.Abs((long)minutes) * 10_000_010));
                    foreach (var sort in Sorts)
                    {
                        var cursor = SubscriberOrder.Of(sort).Value.CursorOf(row);
                        foreach (var other in Sorts)
                        {
                            var read = SubscriberOrder.Of(other).Value.Read(cursor);
                            (read?.Id == id).ShouldBe(sort == other);
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("!!!")]
    [InlineData("WyJ1c2VybmFtZSJd")]
    [InlineData("bnVsbA")]
    public void What_is_no_cursor_is_refused(string cursor) => SubscriberOrder.Of("username").Value.Read(cursor).ShouldBeNull();

    [Fact]
    public void A_time_cursor_with_another_text_for_a_time_is_refused()
    {
        var cursor = Kernel.Paging.Cursor.Encode("created_at", "now(); DROP TABLE subscribers", Guid.NewGuid().ToString());
        SubscriberOrder.Of("created_at").Value.Read(cursor).ShouldBeNull();
    }

    [Theory]
    [InlineData("password")]
    [InlineData("--username")]
    [InlineData("username;")]
    [InlineData("-")]
    public void Only_known_sorts_are_taken(string sort) => SubscriberOrder.Of(sort).Error!.Faults!.Single().Code.ShouldBe("unknown");

    [Theory]
    [InlineData("0123abcd.42", "0123abcd", 42L)]
    [InlineData("0123abcd", "0123abcd", null)]
    [InlineData("a.b", "a.b", null)]
    [InlineData(".42", ".42", null)]
    [InlineData("a.-1", "a.-1", null)]
    public void A_session_id_has_two_parts_or_is_one(string text, string uniqueId, long? number) =>
        SessionId.Read(text).ShouldBe((uniqueId, number));

    private static SubscriberView.Row Row(Guid id, string? name, DateTimeOffset at) =>
        new(
            id,
            "S-1",
            "u" + name,
            name,
            true,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            1,
            null,
            null,
            null,
            null,
            null,
            1,
            null,
            null,
            null,
            null,
            "",
            null,
            false,
            null,
            null,
            null,
            1,
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            false,
            false,
            null,
            at,
            at,
            1
        );
}
