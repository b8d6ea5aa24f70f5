using System.Net;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

/// <summary>RFC 5080 §2.2.2, cell by cell, with time given by the test.</summary>
public sealed class DuplicateCacheTests
{
    private static readonly RemotePeer Nas = new(IPAddress.Parse("192.0.2.1"), 40_000);
    private static readonly byte[] Reply = [2, 1, 0, 20, 9, 9, 9];

    private readonly DuplicateCache _cache = new(windowMilliseconds: 5_000);
    private readonly byte[] _buffer = new byte[4096];

    [Fact]
    public void The_first_copy_is_new_the_second_in_progress_the_third_answered()
    {
        var request = Request(PacketCode.AccessRequest, 7, 1);
        Begin(Nas, request, 0).ShouldBe(DuplicateState.New);
        Begin(Nas, request, 10).ShouldBe(DuplicateState.InProgress);
        _cache.Complete(Nas, Parse(request), Reply);
        Begin(Nas, request, 20, Reply).ShouldBe(DuplicateState.Answered);
        Begin(Nas, request, 30, Reply).ShouldBe(DuplicateState.Answered);
        _cache.Counters.ShouldBe(new DuplicateCounters(1, _cache.Counters.ReplyBytes, Resent: 2, Dropped: 1, Evicted: 0));
    }

    [Fact]
    public void Each_part_of_the_key_tells_requests_apart()
    {
        var request = Request(PacketCode.AccessRequest, 7, 1);
        Begin(Nas, request, 0);
        Begin(new RemotePeer(IPAddress.Parse("192.0.2.2"), 40_000), request, 0).ShouldBe(DuplicateState.New);
        Begin(new RemotePeer(IPAddress.Parse("192.0.2.1"), 40_001), request, 0).ShouldBe(DuplicateState.New);
        Begin(Nas, Request(PacketCode.AccessRequest, 8, 1), 0).ShouldBe(DuplicateState.New);
        Begin(Nas, Request(PacketCode.AccountingRequest, 7, 1), 0).ShouldBe(DuplicateState.New);
        Begin(Nas, request, 0).ShouldBe(DuplicateState.InProgress);
        _cache.Counters.Entries.ShouldBe(5);
    }

    [Fact]
    public void Another_authenticator_replaces_the_request_and_its_late_reply_is_not_kept()
    {
        var old = Request(PacketCode.AccessRequest, 7, 1);
        var newer = Request(PacketCode.AccessRequest, 7, 2);
        Begin(Nas, old, 0).ShouldBe(DuplicateState.New);
        Begin(Nas, newer, 1).ShouldBe(DuplicateState.New);
        _cache.Complete(Nas, Parse(old), Reply);
        Begin(Nas, newer, 2).ShouldBe(DuplicateState.InProgress);
        _cache.Counters.Entries.ShouldBe(1);
    }

    [Theory]
    [InlineData(4_999, DuplicateState.Answered)]
    [InlineData(5_000, DuplicateState.New)]
    public void An_answered_request_is_remembered_for_the_window(long later, DuplicateState expected)
    {
        var request = Request(PacketCode.AccessRequest, 7, 1);
        Begin(Nas, request, 100);
        _cache.Complete(Nas, Parse(request), Reply);
        Begin(Nas, request, 100 + later, expected == DuplicateState.Answered ? Reply : null).ShouldBe(expected);
    }

    [Fact]
    public void A_forgotten_request_is_new_again()
    {
        var request = Request(PacketCode.AccountingRequest, 7, 1);
        Begin(Nas, request, 0);
        _cache.Forget(Nas, PacketCode.AccountingRequest, 7, Parse(request).Authenticator);
        _cache.Counters.Entries.ShouldBe(0);
        Begin(Nas, request, 1).ShouldBe(DuplicateState.New);
    }

    [Fact]
    public void Forgetting_an_older_request_leaves_the_newer_alone()
    {
        var newer = Request(PacketCode.AccessRequest, 7, 2);
        Begin(Nas, newer, 0);
        _cache.Forget(Nas, PacketCode.AccessRequest, 7, Parse(Request(PacketCode.AccessRequest, 7, 1)).Authenticator);
        Begin(Nas, newer, 1).ShouldBe(DuplicateState.InProgress);
    }

    [Fact]
    public void When_full_the_oldest_goes()
    {
        var cache = new DuplicateCache(capacity: 3, shards: 1);
        for (byte identifier = 0; identifier < 4; identifier++)
        {
            cache
                .Begin(Nas, Parse(Request(PacketCode.AccessRequest, identifier, 1)), identifier, _buffer, out _)
                .ShouldBe(DuplicateState.New);
        }

        cache.Counters.Entries.ShouldBe(3);
        cache.Counters.Evicted.ShouldBe(1);
        cache.Begin(Nas, Parse(Request(PacketCode.AccessRequest, 1, 1)), 5, _buffer, out _).ShouldBe(DuplicateState.InProgress);
        cache.Begin(Nas, Parse(Request(PacketCode.AccessRequest, 0, 1)), 6, _buffer, out _).ShouldBe(DuplicateState.New);
    }

    [Fact]
    public void Stored_replies_stay_within_the_octets_allowed()
    {
        var cache = new DuplicateCache(capacity: 1_000, replyBytes: 8_192, shards: 1);
        for (var i = 0; i < 200; i++)
        {
            var request = Request(PacketCode.AccessRequest, (byte)i, 1);
            cache.Begin(Nas, Parse(request), i, _buffer, out _);
            cache.Complete(Nas, Parse(request), new byte[1_000]);
        }

        cache.Counters.ReplyBytes.ShouldBeInRange(1_000, 8_192);
        cache.Counters.Entries.ShouldBeInRange(1, 8);
    }

    [Fact]
    public void Expired_entries_give_their_memory_back()
    {
        for (var i = 0; i < 256; i++)
        {
            var request = Request(PacketCode.AccessRequest, (byte)i, 1);
            Begin(Nas, request, 0);
            _cache.Complete(Nas, Parse(request), Reply);
        }

        for (var port = 1; port <= 2_000; port++)
        {
            Begin(new RemotePeer(IPAddress.Parse("192.0.2.9"), port), Request(PacketCode.AccessRequest, 1, 1), 10_000);
        }

        _cache.Counters.Entries.ShouldBe(2_000);
        _cache.Counters.ReplyBytes.ShouldBe(0);
    }

    [Fact]
    public void Against_a_plain_model_a_hundred_thousand_random_steps_agree()
    {
        var cache = new DuplicateCache(windowMilliseconds: 50, capacity: 64, shards: 4);
        var model = new Dictionary<(int Port, byte Identifier), (byte Authenticator, long Since, bool Answered)>();
        var random = new Random(1_812);
        for (long now = 0; now < 100_000; now++)
        {
            var key = (Port: random.Next(1, 4), Identifier: (byte)random.Next(4));
            var peer = new RemotePeer(IPAddress.Loopback, key.Port);
            var authenticator = (byte)random.Next(3);
            var request = Request(PacketCode.AccessRequest, key.Identifier, authenticator);
            var known = model.TryGetValue(key, out var entry) && now - entry.Since < 50 && entry.Authenticator == authenticator;
            switch (random.Next(3))
            {
                case 0 when known:
                    cache.Complete(peer, Parse(request), Reply);
                    model[key] = entry with { Answered = true };
                    break;
                case 1 when known:
                    cache.Forget(peer, PacketCode.AccessRequest, key.Identifier, Parse(request).Authenticator);
                    model.Remove(key);
                    break;
                default:
                    var expected =
                        !known ? DuplicateState.New
                        : entry.Answered ? DuplicateState.Answered
                        : DuplicateState.InProgress;
                    Assert.Equal(expected, cache.Begin(peer, Parse(request), now, _buffer, out _));
                    if (!known)
                    {
                        model[key] = (authenticator, now, false);
                    }

                    break;
            }
        }
    }

    [Fact]
    public async Task Of_many_threads_with_the_same_request_exactly_one_is_new()
    {
        var request = Request(PacketCode.AccessRequest, 7, 1);
        for (var round = 0; round < 200; round++)
        {
            var peer = new RemotePeer(IPAddress.Loopback, 1_000 + round);
            var states = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => Task.Run(() => _cache.Begin(peer, Parse(request), 0, new byte[4096], out var _)))
            );
            states.Count(state => state == DuplicateState.New).ShouldBe(1);
        }
    }

    [Fact]
    public void A_peer_is_the_same_as_ipv4_and_as_mapped_ipv6()
    {
        var ipv4 = new RemotePeer(IPAddress.Parse("192.0.2.1"), 1812);
        var mapped = new RemotePeer(IPAddress.Parse("::ffff:192.0.2.1"), 1812);
        mapped.ShouldBe(ipv4);
        mapped.GetHashCode().ShouldBe(ipv4.GetHashCode());
        (ipv4 == new RemotePeer(IPAddress.Parse("192.0.2.1"), 1813)).ShouldBeFalse();
        (ipv4 == new RemotePeer(IPAddress.Parse("192.0.2.2"), 1812)).ShouldBeFalse();
        mapped.Address.ShouldBe(IPAddress.Parse("192.0.2.1"));
        ipv4.AddressKey.ShouldBe(RemotePeer.AddressKeyOf(IPAddress.Parse("::ffff:192.0.2.1")));
        new RemotePeer(IPAddress.Parse("2001:db8::1"), 1812).Address.ShouldBe(IPAddress.Parse("2001:db8::1"));
        new RemotePeer(IPAddress.Parse("2001:db8::1"), 1812).ToString().ShouldBe("[2001:db8::1]:1812");
    }

    private DuplicateState Begin(RemotePeer from, byte[] request, long now, byte[]? expectedReply = null)
    {
        var state = _cache.Begin(from, Parse(request), now, _buffer, out var length);
        _buffer[..length].ShouldBe(expectedReply ?? []);
        return state;
    }

    private static PacketView Parse(byte[] bytes)
    {
        PacketView.TryParse(bytes, out var packet, out _).ShouldBeTrue();
        return packet;
    }

    private static byte[] Request(PacketCode code, byte identifier, byte authenticator)
    {
        var bytes = new byte[20];
        (bytes[0], bytes[1], bytes[3], bytes[19]) = ((byte)code, identifier, 20, authenticator);
        return bytes;
    }
}
