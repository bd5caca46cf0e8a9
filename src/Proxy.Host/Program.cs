using Proxy.Host.CommandLine;

return await ProxyCommand.RunAsync(args);
