using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using DotMac.Access.Aaa.Proxy;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>
/// The snapshot on disk, so that a node can serve logins after a restart while the database is away. It holds passwords: a key made for each
/// image encrypts it (AES-256-GCM), and that key is sealed with the installation's keys.
/// </summary>
/// <remarks>
/// Layout: <c>DMSI</c>, format (2 octets), length of the sealed key (4), sealed key; then chunks of length (4), cipher text, tag (16), each bound
/// to its number; the last one is empty. Inside stand JSON lines, one letter and one entry each: M when and how many, F flags of a tenant, N NAS, R rates, U upstream,
/// L login. It is written beside and renamed over the former one: a crash leaves the one or the other. Numbers are little-endian.
/// </remarks>
internal sealed class SnapshotImage(AaaOptions options, SecretBox box, ILogger<SnapshotImage> log)
{
    public const ushort Format = 1;
    private const int ChunkBytes = 1 << 20;
    private const int TagBytes = 16;
    private static readonly byte[] Magic = "DMSI"u8.ToArray();

    private static readonly JsonSerializerOptions Json = new()
    {
        IgnoreReadOnlyProperties = true,
        Converters = { new AddressText(), new NetworkText(), new SigningFlag() },
    };

    private sealed record FlagRows(Guid Tenant, Dictionary<string, string> Values);

    private sealed record Meta(DateTimeOffset ConfirmedAt, int Logins);

    public string Path { get; } = System.IO.Path.Combine(options.SnapshotFolder, "aaa.image");

    /// <summary>Writes what the snapshot holds now; answers the image's octets.</summary>
    /// <exception cref="IOException">The disk refuses; the former image stands.</exception>
    public async Task<long> WriteAsync(AaaSnapshot snapshot, DateTimeOffset confirmedAt, CancellationToken ct)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var beside = Path + ".new";
        var key = RandomNumberGenerator.GetBytes(32);
        long length;
        await using (var file = Create(beside))
        {
            var sealedKey = box.Seal(SecretPurpose.SnapshotImage, Convert.ToBase64String(key));
            var head = new byte[10];
            Magic.CopyTo(head, 0);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), Format);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(6), sealedKey.Length);
            await file.WriteAsync(head, ct);
            await file.WriteAsync(sealedKey, ct);
            using var cipher = new AesGcm(key, TagBytes);
            var plain = new MemoryStream(ChunkBytes + 4096);
            var number = 0;
            foreach (var line in Lines(snapshot, confirmedAt))
            {
                plain.Write(line);
                plain.WriteByte((byte)'\n');
                if (plain.Length >= ChunkBytes)
                {
                    await WriteChunkAsync(file, cipher, number++, plain, ct);
                }
            }

            if (plain.Length > 0)
            {
                await WriteChunkAsync(file, cipher, number++, plain, ct);
            }

            await WriteChunkAsync(file, cipher, number, plain, ct);
            file.Flush(flushToDisk: true);
            length = file.Length;
        }

        CryptographicOperations.ZeroMemory(key);
        File.Move(beside, Path, overwrite: true);
        return length;
    }

    /// <summary>For its owner alone.</summary>
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Fills an empty snapshot from the image; answers when the image was last known to equal the database, or null when there is none or it is
    /// refused (damaged, of another format, sealed with other keys), which is said in the log.
    /// </summary>
    public DateTimeOffset? Load(AaaSnapshot into)
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(Path);
            return Read(file, into);
        }
        catch (Exception e)
            when (e is IOException or InvalidDataException or CryptographicException or JsonException or UnauthorizedAccessException)
        {
            log.LogError(
                "The snapshot image {Path} is refused ({Reason}); nothing is answered until the database is back",
                Path,
                e.Message
            );
            return null;
        }
    }

    private static DateTimeOffset Fill(
        AaaSnapshot into,
        List<NasEntry> nas,
        List<Rates> rates,
        List<UpstreamEntry> upstreams,
        List<Login> logins,
        Dictionary<Guid, TenantFlags> flags,
        Meta? meta
    )
    {
        if (meta is null || meta.Logins != logins.Count)
        {
            throw new InvalidDataException("it is not complete");
        }

        into.Nas = new NasTable(nas);
        into.Rates = rates.ToFrozenDictionary(r => r.Id);
        into.Upstreams = new UpstreamTable(upstreams);
        into.SetFlags(flags);
        logins.ForEach(l => into.Put(LineInForce.Of(l, flags.GetValueOrDefault(l.TenantId, TenantFlags.Default))));
        return meta.ConfirmedAt;
    }

    private DateTimeOffset Read(FileStream file, AaaSnapshot into)
    {
        Span<byte> head = stackalloc byte[10];
        file.ReadExactly(head);
        if (!head.StartsWith(Magic))
        {
            throw new InvalidDataException("it is no snapshot image");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(head[4..]) is var format && format != Format)
        {
            throw new InvalidDataException($"it has format {format}, this build reads {Format}");
        }

        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(head[6..]);
        if (keyLength is < 0 or > 4096)
        {
            throw new InvalidDataException("its head is damaged");
        }

        var sealedKey = new byte[keyLength];
        file.ReadExactly(sealedKey);
        using var cipher = new AesGcm(Convert.FromBase64String(box.Open(SecretPurpose.SnapshotImage, sealedKey)), TagBytes);
        Meta? meta = null;
        var (nas, rates, upstreams, logins) = (new List<NasEntry>(), new List<Rates>(), new List<UpstreamEntry>(), new List<Login>());
        var flags = new Dictionary<Guid, TenantFlags>();
        var number = 0;
        while (ReadChunk(file, cipher, number++) is { Length: > 0 } chunk)
        {
            foreach (var range in chunk.AsSpan().Split((byte)'\n'))
            {
                var line = chunk.AsSpan(range);
                if (line.IsEmpty)
                {
                    continue;
                }

                var entry = line[1..];
                switch (line[0])
                {
                    case (byte)'M':
                        meta = JsonSerializer.Deserialize<Meta>(entry, Json);
                        break;
                    case (byte)'F':
                        var set = JsonSerializer.Deserialize<FlagRows>(entry, Json)!;
                        flags[set.Tenant] = TenantFlags.Of(set.Values);
                        break;
                    case (byte)'N':
                        nas.Add(JsonSerializer.Deserialize<NasEntry>(entry, Json)!);
                        break;
                    case (byte)'R':
                        rates.Add(JsonSerializer.Deserialize<Rates>(entry, Json)!);
                        break;
                    case (byte)'U':
                        upstreams.Add(JsonSerializer.Deserialize<UpstreamEntry>(entry, Json)!);
                        break;
                    case (byte)'L':
                        logins.Add(JsonSerializer.Deserialize<Login>(entry, Json)!);
                        break;
                    default:
                        throw new InvalidDataException("it holds entries that this build does not know");
                }
            }
        }

        return Fill(into, nas, rates, upstreams, logins, flags, meta);
    }

    private static IEnumerable<byte[]> Lines(AaaSnapshot snapshot, DateTimeOffset confirmedAt)
    {
        // One list, so that the count is of what follows although the snapshot moves on meanwhile.
        var logins = snapshot.Logins.ToList();
        yield return Line('M', new Meta(confirmedAt, logins.Count));
        foreach (var (tenant, flags) in snapshot.Flags)
        {
            yield return Line('F', new FlagRows(tenant, flags.ToRows()));
        }

        foreach (var nas in snapshot.Nas.All)
        {
            yield return Line('N', nas);
        }

        foreach (var rates in snapshot.Rates.Values)
        {
            yield return Line('R', rates);
        }

        foreach (var upstream in snapshot.Upstreams.All)
        {
            yield return Line('U', upstream);
        }

        foreach (var login in logins)
        {
            yield return Line('L', login.Stored ?? login);
        }
    }

    private static byte[] Line<T>(char kind, T entry) => [(byte)kind, .. JsonSerializer.SerializeToUtf8Bytes(entry, Json)];

    private static async Task WriteChunkAsync(FileStream file, AesGcm cipher, int number, MemoryStream plain, CancellationToken ct)
    {
        var length = (int)plain.Length;
        var chunk = new byte[4 + length + TagBytes];
        BinaryPrimitives.WriteInt32LittleEndian(chunk, length);
        cipher.Encrypt(Nonce(number), plain.GetBuffer().AsSpan(0, length), chunk.AsSpan(4, length), chunk.AsSpan(4 + length));
        CryptographicOperations.ZeroMemory(plain.GetBuffer().AsSpan(0, length));
        plain.SetLength(0);
        await file.WriteAsync(chunk, ct);
    }

    private static byte[] ReadChunk(FileStream file, AesGcm cipher, int number)
    {
        Span<byte> head = stackalloc byte[4];
        file.ReadExactly(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length < 0 || length > file.Length)
        {
            throw new InvalidDataException("a length in it is damaged");
        }

        var chunk = new byte[length + TagBytes];
        file.ReadExactly(chunk);
        var plain = new byte[length];
        cipher.Decrypt(Nonce(number), chunk.AsSpan(0, length), chunk.AsSpan(length), plain);
        return plain;
    }

    /// <summary>The chunk's number: unique under a key that is used for one image alone.</summary>
    private static byte[] Nonce(int number)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(nonce, number);
        return nonce;
    }
}
