namespace DotMac.SystemTests.Harness;

/// <summary>
/// Keeps browsers and cables apart: when the machine gets or loses a network interface, Chromium gives up whatever it is loading, on loopback
/// too. Many browsers at once, or many cables at once; who comes second waits for the others' end.
/// </summary>
public static class Interfaces
{
    private static readonly Lock Gate = new();
    private static int browsers;
    private static int cables;

    /// <summary>Waits until nobody lays cables.</summary>
    public static Task BrowseAsync() => EnterAsync(() => cables == 0 && ++browsers > 0);

    public static void BrowsedEnough() => Leave(ref browsers);

    /// <summary>Waits until nobody looks at a page.</summary>
    public static Task LayCablesAsync() => EnterAsync(() => browsers == 0 && ++cables > 0);

    public static void CablesAreGone() => Leave(ref cables);

    private static async Task EnterAsync(Func<bool> enter)
    {
        while (true)
        {
            lock (Gate)
            {
                if (enter())
                {
                    return;
                }
            }

            await Task.Delay(100);
        }
    }

    private static void Leave(ref int count)
    {
        lock (Gate)
        {
            count--;
        }
    }
}
