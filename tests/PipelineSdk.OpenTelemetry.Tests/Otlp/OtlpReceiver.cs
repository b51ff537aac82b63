using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace PipelineSdk.OpenTelemetry.Tests.Otlp;

/// <summary>An endpoint for OTLP traces on a free port of this machine: gRPC (over HTTP/2 without encryption) or protobuf over HTTP/1.1.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int FrameHeader = 5;

    private readonly ConcurrentQueue<ExportTraceRequest> requests = new();
    private readonly WebApplication server;
    private readonly Task gate;

    private OtlpReceiver(HttpProtocols protocol, Task gate)
    {
        this.gate = gate;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol));
        server = builder.Build();
        server.MapPost("/v1/traces", ReceiveHttp);
        server.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", ReceiveGrpc);
    }

    /// <summary>Where it listens, without a path.</summary>
    public Uri Endpoint => new(server.Urls.Single());

    /// <summary>What has arrived.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. requests.SelectMany(OtlpSpan.Of)];

    /// <summary>Starts one that answers when <paramref name="gate"/> is done; at once where it is null.</summary>
    public static async Task<OtlpReceiver> Start(HttpProtocols protocol, Task? gate = null)
    {
        var receiver = new OtlpReceiver(protocol, gate ?? Task.CompletedTask);
        await receiver.server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ReceiveHttp(HttpContext context)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        await Keep(await Body(context));
        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(new ExportTraceResponse().ToByteArray());
    }

    // A message on the wire of gRPC: a byte that says whether it is compressed, its length in four, and itself.
    private async Task ReceiveGrpc(HttpContext context)
    {
        Assert.Equal("application/grpc", context.Request.ContentType);
        var frame = await Body(context);
        Assert.Equal(0, frame[0]);
        Assert.Equal(frame.Length - FrameHeader, BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1)));
        await Keep(frame[FrameHeader..]);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[FrameHeader]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task Keep(byte[] message)
    {
        await gate;
        requests.Enqueue(ExportTraceRequest.Parser.ParseFrom(message));
    }

    private static async Task<byte[]> Body(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
