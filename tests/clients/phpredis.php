<?php
// What applications do with phpredis. See README.md.

const DEADLINE = 30;
const ADD = "return redis.call('incrby', KEYS[1], ARGV[1])";

$port = (int) $argv[1];
$client = connected();

foreach (['connect', 'mixedCommands', 'pipeline', 'transaction', 'optimisticLock', 'publishAndSubscribe', 'blockingPop', 'scan', 'script', 'restart'] as $step) {
    $step($client);
    echo strtolower(preg_replace('/[A-Z]/', ' $0', $step)), ": done\n";
}

function connected(): Redis
{
    global $port;
    $client = new Redis();
    check($client->connect('127.0.0.1', $port), true);
    return $client;
}

function connect(Redis $client): void
{
    global $port;
    check($client->ping(), true);
    check($client->set('{php}greeting', 'hello'), true);
    check($client->get('{php}greeting'), 'hello');
    $keys = array_map(fn ($i) => "php:$i", range(0, 49));
    check($client->mset(array_combine($keys, range(0, 49))), true);
    check($client->mget([...$keys, 'php:none']), [...array_map('strval', range(0, 49)), false]);
    for ($i = 0; $i < 3; $i++) {
        // The second takes the connection of the first, and asks with an ECHO whether it lives.
        $persistent = new Redis();
        check($persistent->pconnect('127.0.0.1', $port), true);
        check($persistent->select(2), true);
        check($persistent->get('{php}greeting'), false);
        unset($persistent);
    }
}

function mixedCommands(Redis $client): void
{
    for ($i = 0; $i < 125; $i++) {
        check($client->setex("php:mixed:$i", 100, $i), true);
        check($client->incrBy("php:mixed:$i", 5), $i + 5);
        check($client->get("php:mixed:$i"), (string) ($i + 5));
        check($client->hMSet("php:mixed:hash:$i", ['a' => $i, 'b' => 'x']), true);
        check($client->hGetAll("php:mixed:hash:$i"), ['a' => (string) $i, 'b' => 'x']);
        check($client->zAdd("php:mixed:scores:$i", $i / 2, 'm'), 1);
        check($client->zScore("php:mixed:scores:$i", 'm'), (float) ($i / 2));
        check($client->del("php:mixed:$i", "php:mixed:hash:$i", "php:mixed:scores:$i"), 3);
    }
}

function pipeline(Redis $client): void
{
    $commands = $client->pipeline();
    $expected = [];
    for ($i = 0; $i < 1000; $i++) {
        $commands->set("php:many:$i", $i)->get("php:many:$i");
        array_push($expected, true, (string) $i);
    }
    check($commands->exec(), $expected);
}

function transaction(Redis $client): void
{
    $replies = $client->multi()->set('{php}a', 1)->incr('{php}a')->rPush('{php}list', 'x', 'y')->lRange('{php}list', 0, -1)->exec();
    check($replies, [true, 2, 2, ['x', 'y']]);
}

function optimisticLock(Redis $client): void
{
    $other = connected();
    for ($i = 0; $i < 20; $i++) {
        $disturbed = $i % 2 === 1;
        $client->watch('{php}count');
        if ($disturbed) {
            $other->set('{php}count', 'other');
        }
        check($client->multi()->set('{php}count', $i)->exec(), $disturbed ? false : [true]);
    }
}

function publishAndSubscribe(Redis $client): void
{
    $listener = beside(function (Redis $own): void {
        $heard = [];
        try {
            $own->subscribe(['php:news'], function (Redis $own, string $channel, string $message) use (&$heard): void {
                $heard[] = $message;
                if (count($heard) === 100) {
                    // The one way out of a subscription.
                    $own->close();
                }
            });
        } catch (RedisException) {
            check($heard, array_map('strval', range(0, 99)));
        }
    });
    until(fn () => $client->pubsub('numsub', ['php:news']) == ['php:news' => 1]);
    for ($i = 0; $i < 100; $i++) {
        check($client->publish('php:news', $i), 1);
    }
    endsWell($listener);
    until(fn () => $client->publish('php:news', 'nobody') === 0);
}

function blockingPop(Redis $client): void
{
    check($client->blPop(['{php}queue'], 1), []);
    $waiter = beside(fn (Redis $own) => check($own->blPop(['{php}other', '{php}queue'], DEADLINE), ['{php}queue', 'work']));
    check($client->rPush('{php}queue', 'work'), 1);
    endsWell($waiter);
}

function scan(Redis $client): void
{
    $found = [];
    $cursor = null;
    while (($keys = $client->scan($cursor, 'php:many:*', 100)) !== false) {
        foreach ($keys as $key) {
            $found[$key] = true;
        }
    }
    check(count($found), 1000);
}

function script(Redis $client): void
{
    $loaded = $client->script('load', ADD);
    check($client->script('exists', $loaded, str_repeat('f', 40)), [1, 0]);
    for ($i = 0; $i < 50; $i++) {
        check($client->eval(ADD, ["php:script:$i", $i], 1), $i);
        check($client->evalSha($loaded, ["php:script:$i", $i], 1), 2 * $i);
    }
}

function restart(Redis $client): void
{
    $client->set('{php}before', 1);
    echo "restart the servers\n";
    until(fn () => $client->get('{php}before') === false && $client->getLastError() === null);
    until(fn () => $client->set('{php}after', 1) === true && $client->get('{php}after') === '1');
    for ($i = 0; $i < 50; $i++) {
        until(fn () => $client->evalSha(sha1(ADD), ["php:script:$i", 1], 1) >= 1);
    }
}

/** Does something in a process of its own, with a client of its own. */
function beside(callable $what): int
{
    $process = pcntl_fork();
    if ($process === 0) {
        $what(connected());
        exit(0);
    }
    return $process;
}

function endsWell(int $process): void
{
    pcntl_waitpid($process, $status);
    check(pcntl_wexitstatus($status), 0);
}

/** Waits for a condition; while the servers are down requests may fail. */
function until(callable $condition): void
{
    global $client;
    $end = microtime(true) + DEADLINE;
    while (true) {
        $client->clearLastError();
        try {
            if ($condition()) {
                return;
            }
        } catch (RedisException $error) {
            if (microtime(true) > $end) {
                throw $error;
            }
        }
        check(microtime(true) > $end, false);
        usleep(20000);
    }
}

function check(mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        throw new Exception('expected ' . var_export($expected, true) . ', got ' . var_export($actual, true));
    }
}
