"""What applications do with redis-py. See README.md."""

import sys
import threading
import time

import redis

DEADLINE = 30


def main(port):
    client = redis.Redis(port=port)
    connect(client)
    mixed_commands(client)
    pipeline(client)
    transaction(client)
    optimistic_lock(client)
    pubsub(client)
    blocking_pop(client)
    scan(client)
    loaded = script(client)
    restart(client, loaded)


def connect(client):
    assert client.ping()
    assert client.set("{py}greeting", "hello") and client.get("{py}greeting") == b"hello"
    assert client.mset({f"py:{i}": i for i in range(50)})
    assert client.mget([f"py:{i}" for i in range(50)]) == [b"%d" % i for i in range(50)]
    done("connect")


def mixed_commands(client):
    for i in range(125):
        text, fields, scores = f"py:mixed:{i}", f"py:mixed:fields:{i}", f"py:mixed:scores:{i}"
        assert client.set(text, i, ex=100)
        assert client.incrby(text, 5) == i + 5
        assert client.get(text) == b"%d" % (i + 5)
        assert client.hset(fields, mapping={"a": i, "b": "x"}) == 2
        assert client.hgetall(fields) == {b"a": b"%d" % i, b"b": b"x"}
        assert client.zadd(scores, {"m": i / 2}) == 1
        assert client.zscore(scores, "m") == i / 2
        assert client.delete(text, fields, scores) == 3
    done("mixed commands")


def pipeline(client):
    commands = client.pipeline(transaction=False)
    for i in range(1000):
        commands.set(f"py:many:{i}", i).get(f"py:many:{i}")
    replies = commands.execute()
    assert replies[0::2] == [True] * 1000
    assert replies[1::2] == [b"%d" % i for i in range(1000)]
    done("pipeline")


def transaction(client):
    commands = client.pipeline()
    commands.set("{py}a", 1).incr("{py}a").rpush("{py}list", "x", "y").lrange("{py}list", 0, -1)
    assert commands.execute() == [True, 2, 2, [b"x", b"y"]]
    done("transaction")


def optimistic_lock(client):
    """Four threads count, each by reading and writing what nobody else changed meanwhile."""

    def count():
        def step(commands):
            seen = int(commands.get("{py}count") or 0)
            commands.multi()
            commands.set("{py}count", seen + 1)

        for _ in range(25):
            client.transaction(step, "{py}count")

    run_all([count] * 4)
    assert client.get("{py}count") == b"100", client.get("{py}count")
    done("optimistic lock")


def pubsub(client):
    listener = client.pubsub()
    listener.subscribe("py:news")
    listener.psubscribe("py:n*")
    assert next_message(listener)["type"] == "subscribe"
    assert next_message(listener)["type"] == "psubscribe"
    for i in range(100):
        assert client.publish("py:news", i) == 2
    heard = [next_message(listener) for _ in range(200)]
    for kind in ("message", "pmessage"):
        assert [message["data"] for message in heard if message["type"] == kind] == [b"%d" % i for i in range(100)]
    listener.unsubscribe()
    listener.punsubscribe()
    assert {next_message(listener)["type"] for _ in range(2)} == {"unsubscribe", "punsubscribe"}
    listener.close()
    done("publish and subscribe")


def blocking_pop(client):
    assert client.blpop("{py}queue", timeout=1) is None
    popped = []
    waiter = threading.Thread(target=lambda: popped.append(client.blpop(["{py}other", "{py}queue"], timeout=DEADLINE)))
    waiter.start()
    client.rpush("{py}queue", "work")
    waiter.join()
    assert popped == [(b"{py}queue", b"work")], popped
    done("blocking pop")


def scan(client):
    keys = set(client.scan_iter(match="py:many:*", count=100))
    assert keys == {b"py:many:%d" % i for i in range(1000)}, len(keys)
    done("scan")


def script(client):
    add = client.register_script("return redis.call('incrby', KEYS[1], ARGV[1])")
    loaded = client.script_load("return {KEYS[1], redis.call('get', KEYS[1])}")
    assert client.script_exists(loaded, "f" * 40) == [True, False]
    for i in range(50):
        key = b"py:script:%d" % i
        assert add(keys=[key], args=[i]) == i
        assert client.evalsha(loaded, 1, key) == [key, b"%d" % i]
    done("script")
    return loaded


def restart(client, loaded):
    listener = client.pubsub()
    listener.subscribe("py:after")
    assert next_message(listener)["type"] == "subscribe"
    client.set("{py}before", 1)
    print("restart the servers", flush=True)
    until(lambda: client.get("{py}before") is None)
    until(lambda: client.set("{py}after", 1) and client.get("{py}after") == b"1")
    until(lambda: client.publish("py:after", "again") == 1)
    assert next_message(listener)["data"] == b"again"
    listener.close()
    for i in range(50):
        until(lambda: client.evalsha(loaded, 1, f"py:script:{i}")[1] is None)
    done("restart")


def next_message(listener):
    message = listener.get_message(timeout=DEADLINE)
    assert message is not None, "no message"
    return message


def until(condition):
    """Waits for a condition; while the servers are down requests may fail."""
    end = time.monotonic() + DEADLINE
    while True:
        try:
            if condition():
                return
        except redis.RedisError as error:
            if time.monotonic() > end:
                raise error
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


def run_all(functions):
    failures = []

    def run(function):
        try:
            function()
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def done(step):
    print(f"{step}: done", flush=True)


main(int(sys.argv[1]))
