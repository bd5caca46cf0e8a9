using Proxy.ClientSideSharding;
using StackExchange.Redis;

// An application that shards by itself: no proxy between it and its servers, yet every key lives where the proxy would put it.
try
{
    var arguments = ShardingArguments.Parse(args);
    await using var store = new ShardedStore(arguments.Servers, arguments.Options);
    await arguments.RunAsync(store, Console.In, Console.Out);
    return 0;
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine(problem.Message);
    Console.Error.WriteLine(ShardingArguments.Usage);
    return 2;
}
catch (Exception failure) when (failure is KeyNotFoundException or RedisException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
