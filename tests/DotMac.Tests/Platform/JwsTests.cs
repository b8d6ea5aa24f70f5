using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DotMac.Platform.Identity;

namespace DotMac.Tests.Platform;

/// <summary>RFC 7515 appendix A.2: a key, a payload and the one signature that RS256 makes of them.</summary>
public sealed class JwsTests
{
    private const string Payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    private const string Token =
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKB"
        + "YNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6Bf"
        + "I7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    [Fact]
    public void It_signs_what_the_rfc_signs()
    {
        using var key = Key();
        Jws.Sign(key, "{\"alg\":\"RS256\"}"u8, Encoding.UTF8.GetBytes(Payload)).ShouldBe(Token);
    }

    [Fact]
    public void It_verifies_what_the_rfc_signed()
    {
        using var key = Key();
        var parts = Jws.Read(Token).ShouldNotBeNull();
        Encoding.UTF8.GetString(parts.Payload).ShouldBe(Payload);
        Jws.Verify(key, parts).ShouldBeTrue();
    }

    [Fact]
    public void One_changed_bit_anywhere_is_refused()
    {
        using var key = Key();
        for (var i = 0; i < Token.Length; i += 7)
        {
            var changed = new StringBuilder(Token) { [i] = Token[i] == 'A' ? 'B' : 'A' }.ToString();
            var parts = Jws.Read(changed);
            if (parts is not null && changed != Token)
            {
                Jws.Verify(key, parts).ShouldBeFalse($"at {i}");
            }
        }

        using var another = RSA.Create(2048);
        Jws.Verify(another, Jws.Read(Token)!).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("e30=.e30.e30")]
    [InlineData("e3+/.e30.e30")]
    [InlineData("e30.e30.é")]
    public void What_is_not_three_base64url_texts_is_not_read(string token) => Jws.Read(token).ShouldBeNull();

    [Fact]
    public void A_token_of_any_length_is_not_read() => Jws.Read("e30." + new string('e', 9000) + ".e30").ShouldBeNull();

    private static RSA Key()
    {
        static byte[] Number(string text) => Base64Url.DecodeFromChars(text);
        return RSA.Create(
            new RSAParameters
            {
                Modulus = Number(
                    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"
                        + "YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"
                        + "Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
                ),
                Exponent = Number("AQAB"),
                D = Number(
                    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTG"
                        + "oVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQ"
                        + "UShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ"
                ),
                P = Number(
                    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t"
                        + "7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc"
                ),
                Q = Number(
                    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njb"
                        + "glfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc"
                ),
                DP = Number(
                    "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCd"
                        + "y7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0"
                ),
                DQ = Number(
                    "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr"
                        + "2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU"
                ),
                InverseQ = Number(
                    "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITr"
                        + "JReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"
                ),
            }
        );
    }
}
