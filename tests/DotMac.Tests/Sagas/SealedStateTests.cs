using System.Text.Json;
using DotMac.Kernel.Sagas;

namespace DotMac.Tests.Sagas;

/// <summary>A run's state carries secrets sealed; what people are shown of it carries none.</summary>
public sealed class SealedStateTests
{
    [Fact]
    public void A_sealed_secret_is_kept_for_the_steps_and_hidden_from_people()
    {
        var secret = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var text = JsonSerializer.Serialize(new State("ada@home", secret, [secret]), SagaJson.Options);
        JsonSerializer.Deserialize<State>(text, SagaJson.Options)!.Password.ShouldBe(secret);

        SagaJson.Shown(text)!.Value.GetRawText().ShouldBe("""{"username":"ada@home","password":"(sealed)","more":["(sealed)"]}""");
    }

    private sealed record State(string Username, byte[] Password, IReadOnlyList<byte[]> More);
}
