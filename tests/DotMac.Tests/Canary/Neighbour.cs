namespace DotMac.Canary.Two;

internal sealed class Neighbour
{
    public int Number { get; init; } = 1;
}
