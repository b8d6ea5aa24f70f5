namespace DotMac.Host.Web;

/// <summary>Cuts event streams when the process is told to end: they never end by themselves and would hold the stop up.</summary>
internal sealed class StreamEnd(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        using (lifetime.ApplicationStopping.Register(static state => ((HttpContext)state!).Abort(), context))
        {
            await next(context);
        }
    }
}
