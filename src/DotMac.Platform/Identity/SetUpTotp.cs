using System.Security.Cryptography;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace DotMac.Platform.Identity;

/// <summary>Begins two-step sign-in: a new secret for the authenticator app. It has no force before it is confirmed.</summary>
/// <remarks><b>Errors:</b> <c>auth.totp_already_on</c> 409. <b>Source:</b> RFC 6238; the address is the one that authenticator apps read.</remarks>
public static class SetUpTotp
{
    private const int SecretBytes = 20;

    [SignedIn]
    public sealed record Command;

    /// <param name="Secret">Base32, to be typed where no camera is.</param>
    /// <param name="QrSvg">A picture of <paramref name="OtpauthUri"/>.</param>
    public sealed record Response(string Secret, string OtpauthUri, string QrSvg);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/totp/setup", Post).WithName(nameof(SetUpTotp));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, OwnAccount account, SecretBox box) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var found = await account.GetAsync(ct);
            if (found.Error is { } refusal)
            {
                return refusal;
            }

            var user = found.Value;
            var secret = RandomNumberGenerator.GetBytes(SecretBytes);
            if (user.BeginTotp(box.Seal(SecretPurpose.Totp, Convert.ToBase64String(secret))) is { } alreadyOn)
            {
                return alreadyOn;
            }

            if (await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict)
            {
                return conflict;
            }

            var uri = Totp.Uri(secret, user.Email);
            return new Response(Totp.ToBase32(secret), uri, Picture(uri));
        }

        private static string Picture(string uri)
        {
            using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
            using var svg = new SvgQRCode(code);
            return svg.GetGraphic(new System.Drawing.Size(256, 256), sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute);
        }
    }
}
