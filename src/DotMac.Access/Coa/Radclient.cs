using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Coa;

/// <summary>
/// Sends a request by FreeRADIUS's radclient instead of our own socket: each attribute goes over by number and octets, so that it is the same
/// whatever dictionary radclient has. The secret travels in a file that only we can read, never on the command line.
/// </summary>
internal static partial class Radclient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What radclient learned: the reply's code (None when there was no answer), its Error-Cause, and why nothing was sent.</summary>
    public sealed record Answer(PacketCode Code, uint? ErrorCause, string? Problem);

    public static async Task<Answer> SendAsync(IPEndPoint to, byte[] packet, byte[] secret, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var stream = new FileStream(file, options))
            {
                await stream.WriteAsync(secret, ct);
            }

            return await RunAsync(to, packet, file, ct);
        }
        catch (Win32Exception e)
        {
            return new Answer(PacketCode.None, null, $"radclient cannot be started: {e.Message}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The packet's attributes in radclient's syntax, by number; it signs the packet itself.</summary>
    internal static string Lines(ReadOnlySpan<byte> packet)
    {
        var lines = new StringBuilder("Message-Authenticator = 0x00\n");
        if (PacketView.TryParse(packet, out var view, out _))
        {
            foreach (var attribute in view.Attributes)
            {
                if (attribute.Type is not (AttributeType.VendorSpecific or AttributeType.MessageAuthenticator))
                {
                    lines.Append(CultureInfo.InvariantCulture, $"Attr-{attribute.Type} = 0x{Convert.ToHexStringLower(attribute.Value)}\n");
                }
            }

            foreach (var attribute in view.VendorAttributes)
            {
                lines.Append(
                    CultureInfo.InvariantCulture,
                    $"Attr-26.{attribute.Vendor}.{attribute.Type} = 0x{Convert.ToHexStringLower(attribute.Value)}\n"
                );
            }
        }

        return lines.ToString();
    }

    /// <summary>Reads what radclient -x prints.</summary>
    internal static Answer Read(string output)
    {
        var received = Received().Match(output);
        if (!received.Success)
        {
            return new Answer(PacketCode.None, null, null);
        }

        var code = received.Groups["code"].Value switch
        {
            "Disconnect-ACK" => PacketCode.DisconnectAck,
            "Disconnect-NAK" => PacketCode.DisconnectNak,
            "CoA-ACK" => PacketCode.CoaAck,
            "CoA-NAK" => PacketCode.CoaNak,
            _ => PacketCode.None,
        };
        var cause = Cause().Match(output[received.Index..]);
        return new Answer(code, cause.Success ? CauseOf(cause.Groups["cause"].Value) : null, null);
    }

    private static async Task<Answer> RunAsync(IPEndPoint to, byte[] packet, string secretFile, CancellationToken ct)
    {
        var command = packet[0] == (byte)PacketCode.DisconnectRequest ? "disconnect" : "coa";
        var start = new ProcessStartInfo("radclient", ["-x", "-r", "3", "-t", "2", "-S", secretFile, to.ToString(), command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(Lines(packet).AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return Read(await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            ct.ThrowIfCancellationRequested();
            return new Answer(PacketCode.None, null, null);
        }
    }

    private static uint? CauseOf(string word) =>
        uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : RadiusDictionary.Default.TryFind("Error-Cause", out var attribute) && attribute.TryGetValueNumber(word, out var known)
            ? (uint)known
        : null;

    [GeneratedRegex(
        "^Received (?<code>Disconnect-ACK|Disconnect-NAK|CoA-ACK|CoA-NAK) ",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Received();

    [GeneratedRegex(@"Error-Cause = (?<cause>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cause();
}
