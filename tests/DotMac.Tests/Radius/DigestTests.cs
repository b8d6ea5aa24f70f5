using System.Security.Cryptography;
using System.Text;
using DotMac.Radius.Wire;

namespace DotMac.Tests.Radius;

#pragma warning disable CA5351 // The platform's MD5 is what ours is compared with.
/// <summary>The digest against its standard's examples and against the platform's.</summary>
public sealed class DigestTests
{
    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void The_examples_of_rfc_1321_hold(string message, string expected)
    {
        var digest = new byte[16];
        Digest.Compute(Encoding.ASCII.GetBytes(message), default, default, digest);
        Convert.ToHexStringLower(digest).ShouldBe(expected);
    }

    [Fact]
    public void Every_length_in_any_three_parts_agrees_with_the_platform()
    {
        var random = new Random(1_321);
        var message = new byte[400];
        random.NextBytes(message);
        var digest = new byte[16];
        for (var length = 0; length <= message.Length; length++)
        {
            var expected = MD5.HashData(message.AsSpan(0, length));
            for (var round = 0; round < 20; round++)
            {
                var first = random.Next(length + 1);
                var second = random.Next(first, length + 1);
                Digest.Compute(
                    message.AsSpan(0, first),
                    message.AsSpan(first, second - first),
                    message.AsSpan(second, length - second),
                    digest
                );
                Assert.Equal(expected, digest);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void The_keyed_digest_of_a_packet_agrees_with_the_platform(int secretLength)
    {
        var random = new Random(2_104);
        var secret = new byte[secretLength];
        random.NextBytes(secret);
        foreach (var length in new[] { 38, 39, 63, 64, 65, 100, 128, 500, 4096 })
        {
            var packet = new byte[length];
            var authenticator = new byte[16];
            random.NextBytes(packet);
            random.NextBytes(authenticator);
            var zeroedAt = random.Next(20, length - 15);

            byte[] plain = [.. packet];
            authenticator.CopyTo(plain, 4);
            plain.AsSpan(zeroedAt, 16).Clear();
            var digest = new byte[16];
            Digest.ComputeHmac(secret, packet, authenticator, zeroedAt, digest);
            Assert.Equal(HMACMD5.HashData(secret, plain), digest);
        }
    }
}
