using DotMac.Access.Aaa.Snapshot;

namespace DotMac.Access.Aaa;

/// <summary>What the checks of the lines gave, per subscriber; written behind the answers.</summary>
internal sealed class LineRecord
{
    public void Saw(Login login, Guid? nasId, Verdict verdict, in Option82Finding line) { }
}
