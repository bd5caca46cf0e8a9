namespace Proxy.IntegrationTests.Differential;

/// <summary>What is asked of keys, all of which share a hash tag.</summary>
internal static class KeyedRequests
{
    private const string Library =
        "\"#!lua name=lib\nredis.register_function('setit', function(keys, args) return redis.call('SET', keys[1], args[1]) end)\n"
        + "redis.register_function{function_name='getit', callback=function(keys, args) return redis.call('GET', keys[1]) end, flags={'no-writes'}}\n"
        + "redis.register_function{function_name='hello', callback=function(keys, args) redis.setresp(3) return {double=1.5, map={a=1}} end, flags={'no-writes'}}\"";

    public static IEnumerable<Chapter> Chapters =>
    [
        new(
            "keys",
            "SET {t}s v", "TYPE {t}s", "TYPE {t}none", "EXISTS {t}s {t}none {t}s", "RENAME {t}s {t}r", "RENAME {t}none {t}x", "RENAME {t}r {t}r",
            "RENAMENX {t}r {t}s", "SET {t}q w", "RENAMENX {t}s {t}q", "COPY {t}s {t}c", "COPY {t}s {t}c", "COPY {t}s {t}c REPLACE", "COPY {t}s {t}s",
            "COPY {t}s {t}s DB 1", "COPY {t}s {t}s DB 99", "COPY {t}s {t}x DB x", "COPY {t}s {t}c WRONG", "MOVE {t}c 1", "MOVE {t}c 1", "MOVE {t}s 1",
            "MOVE {t}s 0", "MOVE {t}s -1", "MOVE {t}s x", "SELECT 1", "GET {t}c", "DEL {t}c", "SELECT 0", "TOUCH {t}s {t}q {t}none", "UNLINK {t}s {t}q {t}none",
            "DBSIZE", "KEYS *", "RANDOMKEY", "SET {t}one 1", "RANDOMKEY", "KEYS {t}*", "KEYS [^{]*", "KEYS", "KEYS a b", "DBSIZE x", "RANDOMKEY x",
            "SELECT 1", "DBSIZE", "FLUSHDB", "DBSIZE", "SELECT 0", "DBSIZE", "FLUSHDB ASYNC", "FLUSHDB SYNC", "FLUSHDB BAD", "FLUSHALL SYNC", "FLUSHALL BAD BAD", "DBSIZE"),
        new(
            "expiry",
            "SET {t}s v", "EXPIRE {t}s 1000", "TTL {t}s", "PTTL {t}s", "EXPIRE {t}s 900 GT", "EXPIRE {t}s 900 LT", "EXPIRE {t}s 900 NX", "EXPIRE {t}s 950 XX",
            "EXPIRE {t}s 900 NX XX", "EXPIRE {t}s 900 GT LT", "EXPIRE {t}s 900 BAD", "EXPIRE {t}none 10", "EXPIRE {t}s x", "EXPIRE {t}s 9223372036854775807",
            "PEXPIRE {t}s 1000000", "PEXPIRE {t}s 9223372036854775807", "EXPIREAT {t}s 33177117420", "EXPIRETIME {t}s", "PEXPIRETIME {t}s",
            "PEXPIREAT {t}s 33177117420123", "PEXPIRETIME {t}s", "EXPIRETIME {t}s", "PERSIST {t}s", "PERSIST {t}s", "TTL {t}s", "PTTL {t}none", "EXPIRETIME {t}none",
            "SETEX {t}e 1000 v", "SETEX {t}e 0 v", "SETEX {t}e x v", "PSETEX {t}e -1 v", "PSETEX {t}e 100000 v", "SET {t}e v EX 100 KEEPTTL", "SET {t}e v KEEPTTL", "TTL {t}e",
            "SET {t}e v EXAT 33177117420", "EXPIRETIME {t}e", "SET {t}e v PXAT 33177117420123", "GETEX {t}e PERSIST", "TTL {t}e", "GETEX {t}e EX 100", "GETEX {t}e EX 100 PX 100",
            "GETEX {t}e", "GETEX {t}e EXAT 1", "EXISTS {t}e", "EXPIRE {t}s -1", "EXISTS {t}s", "SET {t}s v PX 1000000", "RENAME {t}s {t}q", "TTL {t}q", "COPY {t}q {t}w", "TTL {t}w",
            "SET {t}q v", "TTL {t}q"),
        new(
            "sort",
            "RPUSH {t}l 3 1 2 10", "SORT {t}l", "SORT {t}l DESC", "SORT {t}l ALPHA", "SORT {t}l LIMIT 1 2", "SORT {t}l LIMIT 1", "SORT {t}l STORE {t}d", "LRANGE {t}d 0 -1", "TYPE {t}d",
            "SORT_RO {t}l DESC LIMIT 0 2", "SORT_RO {t}l STORE {t}d", "RPUSH {t}w c a b", "SORT {t}w", "SORT {t}w ALPHA", "SORT {t}w BY nosort", "SORT {t}w BY nosort GET #",
            "SADD {t}e 5 6 4", "SORT {t}e", "SORT {t}e BY nosort STORE {t}d", "ZADD {t}z 3 1 2 2 1 3", "SORT {t}z", "SORT {t}z BY nosort DESC", "SORT {t}z BY nosort LIMIT 1 1",
            "SET {t}s x", "SORT {t}s", "SORT {t}none", "SORT {t}none STORE {t}d", "EXISTS {t}d", "SORT", "SORT {t}l BAD", "SORT_RO {t}none"),
        new(
            "objects, dumps, memory",
            "SET {t}s 12345", "OBJECT ENCODING {t}s", "OBJECT REFCOUNT {t}s", "OBJECT IDLETIME {t}s", "OBJECT FREQ {t}s", "OBJECT ENCODING {t}none", "OBJECT HELP", "OBJECT", "OBJECT BAD {t}s",
            "MEMORY USAGE {t}s", "MEMORY USAGE {t}s SAMPLES 0", "MEMORY USAGE {t}none", "MEMORY USAGE {t}s SAMPLES x", "DUMP {t}s", "RESTORE {t}c 0 @", "GET {t}c", "RESTORE {t}c 0 @",
            "RESTORE {t}c 0 @ REPLACE", "RESTORE {t}c 33177117420123 @ ABSTTL REPLACE", "PEXPIRETIME {t}c", "RESTORE {t}c -1 @ REPLACE", "RESTORE {t}c 0 @ IDLETIME 1000 REPLACE",
            "OBJECT IDLETIME {t}c", "RESTORE {t}c 0 @ FREQ 5 REPLACE", "RESTORE {t}c 0 @ FREQ 1000 REPLACE", "RESTORE {t}c 0 broken", "RESTORE {t}c 0", "DUMP {t}none",
            "RPUSH {t}l a b c", "DUMP {t}l", "RESTORE {t}l2 0 @", "LRANGE {t}l2 0 -1", "HSET {t}h a 1 b 2", "DUMP {t}h", "RESTORE {t}h2 0 @", "HGETALL {t}h2", "XADD {t}x 1-1 a 1", "DUMP {t}x",
            "RESTORE {t}x2 0 @", "XINFO STREAM {t}x2", "OBJECT ENCODING {t}l", "OBJECT ENCODING {t}h", "OBJECT ENCODING {t}x", "SADD {t}e 1 2", "OBJECT ENCODING {t}e", "SADD {t}e a",
            "OBJECT ENCODING {t}e", "DEBUG OBJECT {t}s", "DEBUG OBJECT {t}none", "DEBUG LISTPACK {t}h", "DEBUG DIGEST-VALUE {t}s {t}l"),
        new(
            "scripts",
            "EVAL \"return 1\" 1 {t}s", "EVAL \"return {1, 'a', false, {ok='fine'}, {err='bad'}, 2.9}\" 1 {t}s", "EVAL \"return redis.call('SET', KEYS[1], ARGV[1])\" 1 {t}s v",
            "EVAL \"return redis.call('GET', KEYS[1])\" 1 {t}s", "EVAL \"return redis.call('INCR', KEYS[1])\" 1 {t}s", "EVAL \"return redis.pcall('INCR', KEYS[1])\" 1 {t}s", "EVAL \"return\" 1 {t}s",
            "EVAL \"syntax error\" 1 {t}s", "EVAL \"return nosuch\" 1 {t}s", "EVAL \"return {big_number='123\\r\\n12x'}\" 1 {t}s", "EVAL \"return {big_number=''}\" 1 {t}s", "EVAL \"local a = {}; local b = {a}; a[1] = b; return a\" 1 {t}s", "EVAL \"error('mine')\" 1 {t}s", "EVAL \"return redis.error_reply('MY own')\" 1 {t}s", "EVAL \"return redis.status_reply('so')\" 1 {t}s",
            "EVAL \"return redis.sha1hex('x')\" 1 {t}s", "EVAL \"return {KEYS[1], KEYS[2], ARGV[1]}\" 2 {t}a {t}b c", "EVAL \"return 1\" x", "EVAL \"return 1\" -1", "EVAL \"return 1\" 3 {t}a",
            "EVAL_RO \"return redis.call('GET', KEYS[1])\" 1 {t}s", "EVAL_RO \"return redis.call('SET', KEYS[1], 'x')\" 1 {t}s", "EVAL \"redis.setresp(3); return redis.call('HGETALL', KEYS[1])\" 1 {t}none",
            "EVAL \"redis.setresp(3); return {map={a=1}, x=2}\" 1 {t}s", "EVAL \"return {double=3.5}\" 1 {t}s", "EVAL \"#!lua flags=no-writes\nreturn redis.call('GET', KEYS[1])\" 1 {t}s",
            "EVAL \"#!lua flags=no-writes\nreturn redis.call('SET', KEYS[1], 'x')\" 1 {t}s", "EVAL \"#!nosuch\nreturn 1\" 1 {t}s", "EVALSHA ffffffffffffffffffffffffffffffffffffffff 1 {t}s", "EVALSHA short 1 {t}s",
            "SCRIPT LOAD \"return redis.call('APPEND', KEYS[1], ARGV[1])\"", "EVALSHA @ 1 {t}s w", "SCRIPT LOAD \"return {KEYS[1], #ARGV}\"", "EVALSHA_RO @ 1 {t}s a b", "SCRIPT EXISTS @ nosuch", "SCRIPT LOAD \"syntax error\"",
            "MULTI", "EVALSHA @ 1 {t}s a", "GET {t}s", "EXEC", "SCRIPT FLUSH", "EVALSHA @ 1 {t}s a", "SCRIPT EXISTS @", "SCRIPT LOAD \"return 7\"", "EVALSHA @ 1 {t}s", "SCRIPT FLUSH SYNC", "EVALSHA @ 1 {t}s", "SCRIPT FLUSH ASYNC",
            "SCRIPT FLUSH BAD", "SCRIPT LOAD", "SCRIPT EXISTS", "SCRIPT KILL", "SCRIPT HELP", "SCRIPT NOSUCH", "SCRIPT"),
        new(
            "functions",
            $"FUNCTION LOAD {Library}", $"FUNCTION LOAD {Library}", $"FUNCTION LOAD REPLACE {Library}", "FCALL setit 1 {t}s v", "FCALL getit 1 {t}s", "FCALL_RO getit 1 {t}s", "FCALL_RO setit 1 {t}s v", "FCALL hello 1 {t}s",
            "FCALL nosuch 1 {t}s", "FCALL getit x {t}s", "FCALL getit -1 {t}s", "FCALL getit 2 {t}s", "FUNCTION LIST", "FUNCTION LIST WITHCODE", "FUNCTION LIST LIBRARYNAME l*", "FUNCTION LIST LIBRARYNAME x*", "FUNCTION LIST BAD",
            "FUNCTION STATS", "FUNCTION DUMP", "FUNCTION DELETE lib", "FUNCTION DELETE lib", "FCALL getit 1 {t}s", "FUNCTION RESTORE @", "FCALL getit 1 {t}s", "FUNCTION RESTORE @", "FUNCTION RESTORE @ REPLACE", "FUNCTION RESTORE @ FLUSH",
            "FUNCTION RESTORE @ APPEND", "FUNCTION RESTORE broken", "FUNCTION RESTORE @ BAD", "FUNCTION LIST", "FUNCTION FLUSH", "FUNCTION LIST", "FUNCTION FLUSH SYNC", "FUNCTION FLUSH ASYNC", "FUNCTION FLUSH BAD", "FUNCTION KILL",
            "FUNCTION LOAD \"no shebang\"", "FUNCTION LOAD \"#!lua name=x\nsyntax error\"", "FUNCTION LOAD", "FUNCTION", "FUNCTION NOSUCH", "FUNCTION HELP"),
        new(
            "streams",
            "XADD {t}x 1-1 a 1 b 2", "XADD {t}x 1-2 a 3", "XADD {t}x 1-2 a 3", "XADD {t}x 0-0 a 3", "XADD {t}x 2-* a 4", "XADD {t}x MAXLEN ~ 100 3-1 a 5", "XADD {t}x MAXLEN = 3 4-1 a 6", "XADD {t}x NOMKSTREAM 5-1 a 7",
            "XADD {t}none NOMKSTREAM 5-1 a 7", "XADD {t}x 6-1 a", "XADD {t}x MINID 3-1 6-1 a 1", "XLEN {t}x", "XRANGE {t}x - +", "XRANGE {t}x (3-1 + COUNT 2", "XREVRANGE {t}x + - COUNT 1", "XRANGE {t}x bad +", "XREAD COUNT 2 STREAMS {t}x 0",
            "XREAD STREAMS {t}x {t}none 0 0", "XREAD STREAMS {t}x $", "XREAD STREAMS {t}x", "XREAD COUNT x STREAMS {t}x 0", "XGROUP CREATE {t}x g 0", "XGROUP CREATE {t}x g 0", "XGROUP CREATE {t}none g 0", "XGROUP CREATE {t}m g $ MKSTREAM",
            "XGROUP CREATE {t}x g2 $ ENTRIESREAD 2", "XGROUP CREATECONSUMER {t}x g c1", "XGROUP CREATECONSUMER {t}x g c1", "XREADGROUP GROUP g c1 COUNT 2 STREAMS {t}x >", "XREADGROUP GROUP g c2 STREAMS {t}x >", "XREADGROUP GROUP g c2 STREAMS {t}x >",
            "XREADGROUP GROUP g c1 STREAMS {t}x 0", "XREADGROUP GROUP nosuch c1 STREAMS {t}x >", "XREADGROUP GROUP g c1 NOACK STREAMS {t}x >", "XREADGROUP GROUP g c1 STREAMS {t}x $", "XPENDING {t}x g", "XPENDING {t}x g - + 10",
            "XPENDING {t}x g IDLE 0 - + 10 c1", "XPENDING {t}x nosuch", "XCLAIM {t}x g c3 0 3-1 4-1 JUSTID", "XCLAIM {t}x g c3 0 3-1", "XCLAIM {t}x g c3 0 9-9 FORCE", "XCLAIM {t}x g c3 0 bad", "XAUTOCLAIM {t}x g c4 0 0 COUNT 2", "XAUTOCLAIM {t}x g c4 0 0 JUSTID",
            "XACK {t}x g 3-1 4-1 9-9", "XACK {t}x nosuch 3-1", "XINFO STREAM {t}x", "XINFO GROUPS {t}x", "XINFO CONSUMERS {t}x g", "XINFO STREAM {t}none", "XINFO GROUPS {t}none", "XINFO CONSUMERS {t}x nosuch", "XINFO HELP", "XINFO NOSUCH {t}x",
            "XGROUP SETID {t}x g 0", "XGROUP SETID {t}x nosuch 0", "XGROUP DELCONSUMER {t}x g c2", "XGROUP DELCONSUMER {t}x g nosuch", "XGROUP DESTROY {t}x g2", "XGROUP DESTROY {t}x g2", "XGROUP HELP", "XSETID {t}x 10-1", "XSETID {t}x 1-1",
            "XSETID {t}x 11-1 ENTRIESADDED 100 MAXDELETEDID 2-1", "XDEL {t}x 3-1 9-9", "XTRIM {t}x MAXLEN 1", "XTRIM {t}x MINID ~ 5", "XTRIM {t}x BAD 1", "XLEN {t}x", "SET {t}s v", "XADD {t}s 1-1 a 1", "XREADGROUP GROUP g c STREAMS {t}s >", "XINFO STREAM {t}s",
            "XADD {t}m 1-1 a 1", "MULTI", "XREADGROUP GROUP g c STREAMS {t}m >", "XACK {t}m g 1-1", "XREAD BLOCK 0 STREAMS {t}m 5", "EXEC"),
        new(
            "transactions",
            "MULTI", "SET {t}a 1", "INCR {t}a", "LPUSH {t}a x", "GET {t}a", "EXEC", "MULTI", "NOSUCH", "GET {t}a", "EXEC", "MULTI", "GET", "DISCARD", "EXEC", "DISCARD", "MULTI", "MULTI", "EXEC", "WATCH {t}a", "MULTI", "WATCH {t}b", "EXEC", "WATCH",
            "WATCH {t}a {t}b", "SET {t}a 5", "MULTI", "GET {t}a", "EXEC", "WATCH {t}a", "UNWATCH", "MULTI", "EXEC", "MULTI", "EXPIRE {t}a x", "OBJECT ENCODING {t}a", "COPY {t}a {t}b", "SORT {t}a", "EVAL \"return redis.call('GET', KEYS[1])\" 1 {t}a",
            "XADD {t}x 1-1 a 1", "HGETALL {t}none", "ZADD {t}z 1.5 a", "ZSCORE {t}z a", "BLPOP {t}none 0", "PING", "ECHO x", "EXEC", "MULTI", "SELECT 1", "SET {t}a other", "SELECT 0", "GET {t}a", "EXEC", "MULTI x", "EXEC x"),
        new(
            "values of every kind",
            "SET {t}s v GET", "SET {t}s w GET", "SET {t}s x NX GET", "SET {t}n 5 XX", "SETNX {t}n 1", "GETSET {t}n 2", "INCRBYFLOAT {t}n 0.1", "INCRBYFLOAT {t}n x", "SETRANGE {t}s 3 yz", "SETRANGE {t}s -1 y", "GETRANGE {t}s 0 -1", "SUBSTR {t}s 0 1", "STRLEN {t}s",
            "LCS {t}s {t}n", "LCS {t}s {t}n LEN", "LCS {t}s {t}n IDX", "LCS {t}s {t}s IDX WITHMATCHLEN MINMATCHLEN 1", "MSETNX {t}o 1 {t}p 2", "MSETNX {t}o 1 {t}r 2", "BITFIELD {t}b SET u8 0 255 GET i8 0 INCRBY u2 100 1 OVERFLOW FAIL INCRBY u2 102 9",
            "BITFIELD_RO {t}b GET u8 0", "BITFIELD_RO {t}b SET u8 0 1", "BITOP NOT {t}c {t}b", "BITOP NOT {t}c {t}b {t}s", "BITPOS {t}b 0 0 -1 BIT", "BITCOUNT {t}b 0 1 BIT", "SETBIT {t}b 4294967296 1", "RPUSH {t}l a b c d", "LPOS {t}l c RANK -1 MAXLEN 2 COUNT 0",
            "LMPOP 1 {t}l LEFT COUNT 2", "LMPOP 0 {t}l LEFT", "LPOP {t}l 0", "LPOP {t}none 0", "LPOP {t}none", "HSET {t}h a 1 b 2", "HGETALL {t}h", "HRANDFIELD {t}none", "HRANDFIELD {t}none 3", "HINCRBYFLOAT {t}h a 1.5", "HINCRBY {t}h a 1", "HMGET {t}h a none",
            "SADD {t}e 1 2 3", "SMISMEMBER {t}e 1 9", "SPOP {t}none", "SPOP {t}none 1", "SRANDMEMBER {t}none", "SRANDMEMBER {t}none -2", "SMEMBERS {t}e", "SINTERCARD 2 {t}e {t}e LIMIT 2", "SINTERCARD 0 {t}e", "ZADD {t}z 1 a 2.5 b inf c", "ZADD {t}z INCR 1 a",
            "ZADD {t}z XX NX 1 a", "ZADD {t}z nan a", "ZRANGE {t}z 0 -1 WITHSCORES", "ZRANGE {t}z 0 -1 REV WITHSCORES", "ZRANGE {t}z (1 +inf BYSCORE LIMIT 0 1", "ZRANGE {t}z - + BYLEX", "ZRANGE {t}z 0 -1 BYLEX", "ZRANGESTORE {t}y {t}z 0 1", "ZRANDMEMBER {t}none",
            "ZRANDMEMBER {t}none 2", "ZUNION 2 {t}z {t}y WITHSCORES AGGREGATE MIN", "ZDIFF 2 {t}z {t}y WITHSCORES", "ZINTERCARD 2 {t}z {t}y LIMIT 1", "ZMSCORE {t}z a none", "ZPOPMIN {t}z", "ZPOPMAX {t}none", "ZMPOP 2 {t}none {t}z MAX COUNT 2", "ZLEXCOUNT {t}y - +",
            "ZRANGEBYLEX {t}y [a (z", "ZREVRANGEBYSCORE {t}y +inf -inf WITHSCORES", "ZSCORE {t}y a", "ZINCRBY {t}y 1.25 a", "ZRANK {t}y a", "ZREMRANGEBYLEX {t}y - +", "GEOADD {t}g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania", "GEODIST {t}g Palermo Catania km",
            "GEOHASH {t}g Palermo none", "GEOPOS {t}g Palermo none", "GEOSEARCH {t}g FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHCOORD WITHDIST WITHHASH", "GEORADIUS {t}g 15 37 200 km WITHDIST COUNT 1 ANY", "GEORADIUSBYMEMBER {t}g Palermo 200 km STORE {t}g2",
            "GEOSEARCHSTORE {t}g2 {t}g FROMMEMBER Palermo BYBOX 400 400 km STOREDIST", "ZRANGE {t}g2 0 -1", "PFADD {t}p a b c", "PFCOUNT {t}p", "PFMERGE {t}p2 {t}p", "PFCOUNT {t}p {t}p2", "PFCOUNT {t}s", "PFDEBUG ENCODING {t}p", "SSCAN {t}e 0 MATCH * COUNT 100", "HSCAN {t}h 0",
            "ZSCAN {t}g 0", "HSCAN {t}h x", "SSCAN {t}s 0"),
    ];
}
