using System.Globalization;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// Random requests of clients that depend on each other: messages, wake-ups of blocking commands, changes of watched keys. All keys and
/// channels share a hash tag.
/// </summary>
/// <param name="random">Where the choices come from.</param>
internal sealed class SessionSteps(Random random)
{
    /// <summary>Blocks until somebody else does something.</summary>
    public const string Forever = "0";

    /// <summary>Blocks for a moment.</summary>
    public const string Shortly = "0.02";

    private static readonly string[] Data =
    [
        "SET {t}k%n %v", "GET {t}k%n", "INCR {t}k%n", "DEL {t}k%n", "RPUSH {t}l%n %v", "LPUSH {t}l%n %v %v", "RPUSH {t}l%n %v", "LLEN {t}l%n",
        "ZADD {t}z%n %v m%v", "XADD {t}x%n %i-1 f %v", "LPOP {t}l%n", "MGET {t}k0 {t}k1", "SELECT %n", "SELECT 0", "TYPE {t}l%n", "ECHO %v",
        "CLIENT SETNAME c%v", "CLIENT GETNAME", "RPOPLPUSH {t}l%n {t}l%n", "DEL {t}l%n", "LPUSH {t}k%n %v", "NOSUCH", "GET",
    ];

    private static readonly string[] Blocking =
    [
        "BLPOP {t}l0 {t}l1 %b", "BRPOP {t}l%n %b", "BLMOVE {t}l%n {t}l%n LEFT RIGHT %b", "BRPOPLPUSH {t}l%n {t}l%n %b",
        "BLMPOP %b 2 {t}l0 {t}l1 LEFT COUNT 2", "BZPOPMIN {t}z0 {t}z1 %b", "BZPOPMAX {t}z%n %b", "BZMPOP %b 1 {t}z%n MIN", "BLPOP {t}k%n %b",
    ];

    private static readonly string[] Subscriptions =
    [
        "SUBSCRIBE {t}a {t}b", "SUBSCRIBE {t}%c", "UNSUBSCRIBE {t}%c", "PSUBSCRIBE {t}* *", "PSUBSCRIBE *%c", "PUNSUBSCRIBE *%c", "PUNSUBSCRIBE *",
        "SSUBSCRIBE {t}%c", "SUNSUBSCRIBE {t}%c", "PING", "PING %v", "PUBSUB NUMSUB {t}a {t}b {t}c", "PUBSUB NUMPAT", "PUBSUB SHARDNUMSUB {t}%c",
    ];

    private static readonly string[] Messages = ["PUBLISH {t}%c %v", "PUBLISH {t}%c %v", "SPUBLISH {t}%c %v"];

    private static readonly string[] Watches = ["WATCH {t}k%n", "WATCH {t}k0 {t}l%n", "UNWATCH"];

    private long _streamId;

    /// <summary>The words of a client's next request.</summary>
    /// <param name="subscribes">What kind of client it is: one that subscribes, or one that blocks. None does both.</param>
    /// <param name="isInTransaction">MULTI is open.</param>
    /// <param name="mayBlock">False if somebody has to stay who wakes the others.</param>
    public string[] Next(bool subscribes, bool isInTransaction, bool mayBlock)
    {
        var template = isInTransaction ? InTransaction(subscribes) : Outside(subscribes);
        var timeout = mayBlock && !isInTransaction && random.Next(3) > 0 ? Forever : Shortly;
        return [.. template.Split(' ').Select(word => Expand(word, timeout))];
    }

    private string Outside(bool subscribes) => random.Next(20) switch
    {
        < 3 => "MULTI",
        < 5 => One(Watches),
        < 8 => One(Messages),
        8 when random.Next(4) == 0 => "RESET",
        8 => random.Next(2) == 0 ? "HELLO 3" : "HELLO 2",
        < 14 => One(subscribes ? Subscriptions : Blocking),
        _ => One(Data),
    };

    // What a transaction publishes to its own client comes in another place than with Redis.
    private string InTransaction(bool subscribes) => random.Next(20) switch
    {
        < 6 => "EXEC",
        6 => "DISCARD",
        7 => "MULTI",
        < 12 => subscribes ? Subscriptions[random.Next(9)] : One(random.Next(2) == 0 ? Messages : Blocking),
        _ => One(Data),
    };

    private string One(string[] templates) => templates[random.Next(templates.Length)];

    private string Expand(string word, string timeout)
    {
        return word == "%b" ? timeout : word
            .Replace("%n", $"{random.Next(2)}", StringComparison.Ordinal)
            .Replace("%v", $"{random.Next(100)}", StringComparison.Ordinal)
            .Replace("%c", "abc"[random.Next(3)].ToString(), StringComparison.Ordinal)
            .Replace("%i", word.Contains("%i", StringComparison.Ordinal) ? (++_streamId).ToString(CultureInfo.InvariantCulture) : "", StringComparison.Ordinal);
    }
}
