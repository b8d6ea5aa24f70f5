using DotMac.Access.Aaa.Accounting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DotMac.Tests.Aaa;

/// <summary>The journal keeps what it acknowledged, whatever happens to its last bytes.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Journal Open() => Journal.Open(folder, NullLogger.Instance);

    private static Task<bool> AppendAsync(Journal journal, params byte[] payload)
    {
        var done = new TaskCompletionSource<bool>();
        journal.TryAppend(payload, done.SetResult).ShouldBeTrue();
        return done.Task;
    }

    private static async Task<List<byte[]>> AllAsync(Journal journal) =>
        [
            .. (await JournalReader.ReadAsync(journal, JournalReader.First(journal), int.MaxValue, default)).Payloads.Select(p =>
                p.ToArray()
            ),
        ];

    [Fact]
    public async Task What_was_acknowledged_is_there_after_reopening_in_order()
    {
        Guid id;
        await using (var journal = Open())
        {
            id = journal.Id;
            for (byte i = 0; i < 100; i++)
            {
                (await AppendAsync(journal, i, 1, 2)).ShouldBeTrue();
            }
        }

        await using var again = Open();
        again.Id.ShouldBe(id);
        (await AllAsync(again)).Select(p => p[0]).ShouldBe(Enumerable.Range(0, 100).Select(i => (byte)i));
        (await AppendAsync(again, 200)).ShouldBeTrue();
        (await AllAsync(again)).Count.ShouldBe(101);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(20)]
    public async Task A_torn_tail_is_cut_off_and_all_before_it_kept(int tornBytes)
    {
        await using (var journal = Open())
        {
            await AppendAsync(journal, 1);
            await AppendAsync(journal, 2);
        }

        var file = Directory.GetFiles(folder, "*.journal").Single();
        var whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, [.. whole, .. Enumerable.Repeat((byte)0x5A, tornBytes)]);

        await using var again = Open();
        again.Durable.Offset.ShouldBe(whole.Length);
        await AppendAsync(again, 3);
        (await AllAsync(again)).Select(p => p[0]).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_damaged_record_is_not_given_out()
    {
        await using (var journal = Open())
        {
            await AppendAsync(journal, 1);
            await AppendAsync(journal, 2);
        }

        var file = Directory.GetFiles(folder, "*.journal").Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 0xFF;
        await File.WriteAllBytesAsync(file, bytes);

        await using var again = Open();
        (await AllAsync(again)).Select(p => p[0]).ShouldBe([1]);
    }

    [Fact]
    public async Task Reading_goes_on_where_it_stopped_and_old_segments_go_when_they_are_projected()
    {
        await using var journal = Open();
        var big = new byte[8_000];
        var appended = 0;
        while (journal.Durable.Segment < 3)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => AppendAsync(journal, big)));
            appended += 500;
        }

        var (at, read) = (JournalReader.First(journal), 0);
        while (at != journal.Durable)
        {
            var (payloads, next) = await JournalReader.ReadAsync(journal, at, 777, default);
            read += payloads.Count;
            at = next;
            JournalReader.DeleteBefore(journal, at);
        }

        read.ShouldBe(appended);
        JournalSegments.Numbers(folder).ShouldBe([journal.Durable.Segment]);
    }
}
