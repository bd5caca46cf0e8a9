using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Core.Model;

namespace Proxy.Host.Serving;

/// <summary>Makes a proxy, not yet started.</summary>
internal delegate IProxy ProxyFactory(ProxyModel model, ILoggerFactory loggers);
