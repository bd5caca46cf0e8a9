using System.Text;
using Microsoft.AspNetCore.Http;
using Proxy.Host.Statistics;

namespace Proxy.Host.Admin;

/// <summary>The pages of the admin endpoint, by their paths. All are read-only.</summary>
/// <param name="metrics">Declaring all metrics costs a start more than anything else here does, so they are declared when somebody first asks for them.</param>
/// <param name="statistics">The JSON document.</param>
/// <param name="liveness">Whether the loops turn.</param>
/// <param name="readiness">How far the process is.</param>
internal sealed class AdminPages(Lazy<MetricsPage> metrics, StatisticsReport statistics, Liveness liveness, Readiness readiness)
{
    private const string PlainText = "text/plain; charset=utf-8";

    private static readonly byte[] Index = Encoding.UTF8.GetBytes(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>redis-proxy</title></head>
        <body>
        <h1>redis-proxy</h1>
        <ul>
        <li><a href="/metrics">/metrics</a>: metrics for Prometheus</li>
        <li><a href="/stats">/stats</a>: statistics as JSON, as twemproxy has them</li>
        <li><a href="/livez">/livez</a>: do the event loops turn?</li>
        <li><a href="/readyz">/readyz</a>: may clients come?</li>
        </ul>
        </body>
        </html>

        """);

    /// <summary>Answers one request.</summary>
    public Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return SendTextAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD");
        }

        return context.Request.Path.Value switch
        {
            "/metrics" => SendMetricsAsync(context),
            "/stats" => SendAsync(context, StatusCodes.Status200OK, "application/json", statistics.Document()),
            "/livez" => SendLivenessAsync(context),
            "/readyz" => SendReadinessAsync(context),
            "/" => SendAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", Index),
            _ => SendTextAsync(context, StatusCodes.Status404NotFound, "no such page"),
        };
    }

    private async Task SendMetricsAsync(HttpContext context)
    {
        var format = MetricsFormat.Choose(context.Request.Headers.Accept);
        var page = await metrics.Value.RenderAsync(format, context.RequestAborted);
        await SendAsync(context, StatusCodes.Status200OK, MetricsFormat.ContentType(format), page);
    }

    private Task SendLivenessAsync(HttpContext context) => liveness.Problem() is { } problem
        ? SendTextAsync(context, StatusCodes.Status503ServiceUnavailable, problem)
        : SendTextAsync(context, StatusCodes.Status200OK, "alive");

    private Task SendReadinessAsync(HttpContext context)
    {
        var status = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return SendTextAsync(context, status, readiness.Text);
    }

    private static Task SendTextAsync(HttpContext context, int status, string text) =>
        SendAsync(context, status, PlainText, Encoding.UTF8.GetBytes(text + "\n"));

    private static async Task SendAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method) || status == StatusCodes.Status405MethodNotAllowed)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
