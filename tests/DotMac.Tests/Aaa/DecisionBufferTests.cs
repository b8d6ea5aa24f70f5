using System.Runtime.CompilerServices;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Decisions;

namespace DotMac.Tests.Aaa;

/// <summary>Between the answer and the database: the ring and the backlog.</summary>
public class DecisionBufferTests
{
    [Fact]
    public void Every_verdict_has_a_number_and_each_number_one_code()
    {
        Verdict
            .All.Where(v => !DecisionCodes.Numbers.ContainsKey(v.Code))
            .Select(v => v.Code)
            .ShouldBeEmpty("give it the next free number");
        Verdict.All.Where(v => DecisionCodes.IsAccepted(DecisionCodes.NumberOf(v)) != v.Accepted).ShouldBeEmpty();
        DecisionCodes.Numbers.Values.Distinct().Count().ShouldBe(DecisionCodes.Numbers.Count);
        DecisionCodes.Numbers.ShouldAllBe(p => DecisionCodes.Of(p.Value) == p.Key);
    }

    [Fact]
    public void A_full_ring_refuses_and_goes_on_when_it_is_read()
    {
        var ring = new DecisionRing(4);
        for (var i = 0; i < 10; i++)
        {
            for (var n = 0; n < 4; n++)
            {
                Write(ring, (10 * i) + n).ShouldBeTrue();
            }

            Write(ring, 99).ShouldBeFalse();
            for (var n = 0; n < 4; n++)
            {
                Read(ring).ShouldBe((10 * i) + n);
            }

            Read(ring).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Many_writers_lose_and_double_nothing()
    {
        const int writers = 4;
        const int each = 50_000;
        var ring = new DecisionRing(1024);
        var writing = Enumerable
            .Range(0, writers)
            .Select(w =>
                Task.Factory.StartNew(
                    () =>
                    {
                        for (var i = 0; i < each; i++)
                        {
                            while (!Write(ring, (w * each) + i))
                            {
                                Thread.Yield();
                            }
                        }
                    },
                    CancellationToken.None,
                    // Threads of their own: who spins keeps the pool from everybody else.
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        var seen = new bool[writers * each];
        var next = new int[writers];
        for (var read = 0; read < seen.Length; )
        {
            if (Read(ring) is not { } value)
            {
                await Task.Delay(1);
                continue;
            }

            seen[value].ShouldBeFalse();
            seen[value] = true;
            (value % each).ShouldBe(next[value / each]++, "each writer's notes stay in order");
            read++;
        }

        await Task.WhenAll(writing);
        Read(ring).ShouldBeNull();
    }

    [Fact]
    public void Texts_come_back_whether_they_fit_or_not()
    {
        var ring = new DecisionRing(2);
        foreach (var length in new[] { 0, 10, 253 })
        {
            ref var note = ref ring.Begin(out var ticket);
            var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            note.Keep("bob"u8, text, default, "circuit"u8, text, "d"u8);
            ring.Commit(ticket);
            ref var back = ref ring.Peek();
            back.Text(DecisionNote.Username).ToArray().ShouldBe("bob"u8.ToArray());
            back.Text(DecisionNote.CallingStation).ToArray().ShouldBe(text);
            back.Text(DecisionNote.CalledStation).IsEmpty.ShouldBeTrue();
            back.Text(DecisionNote.Circuit).ToArray().ShouldBe("circuit"u8.ToArray());
            back.Text(DecisionNote.Remote).ToArray().ShouldBe(text);
            back.Text(DecisionNote.Data).ToArray().ShouldBe("d"u8.ToArray());
            ring.Release();
        }
    }

    [Fact]
    public void A_backlog_that_is_full_lets_the_oldest_go_and_says_how_many()
    {
        var lost = 0;
        const int chunk = 2_000;
        var backlog = new DecisionBacklog(3 * chunk, n => lost += n, chunk);
        var note = new DecisionNote { TenantId = Guid.NewGuid() };
        note.Keep("somebody"u8, default, default, default, default, default);
        for (var i = 1; i <= 200; i++)
        {
            backlog.Add(ref note, i, 1);
        }

        lost.ShouldBeGreaterThan(0);
        (lost + backlog.Rows).ShouldBe(200);
        var taken = 0;
        while (backlog.Take(10) is { Count: > 0 } some)
        {
            some.Sum(c => c.Rows).ShouldBeGreaterThan(0);
            taken += some.Sum(c => c.Rows);
        }

        taken.ShouldBe(200 - lost);
        backlog.Rows.ShouldBe(0);
    }

    private static bool Write(DecisionRing ring, int value)
    {
        ref var note = ref ring.Begin(out var ticket);
        if (Unsafe.IsNullRef(ref note))
        {
            return false;
        }

        note.LoginVersion = value;
        ring.Commit(ticket);
        return true;
    }

    private static int? Read(DecisionRing ring)
    {
        ref var note = ref ring.Peek();
        if (Unsafe.IsNullRef(ref note))
        {
            return null;
        }

        var value = note.LoginVersion;
        ring.Release();
        return value;
    }
}
