using Jaeger;
using Microsoft.Extensions.Hosting;

using var host = JaegerSample.CreateHost(args);
await host.RunAsync();
