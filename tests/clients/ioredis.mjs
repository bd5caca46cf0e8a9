// What applications do with ioredis. See README.md.

import assert from 'node:assert/strict';
import Redis from 'ioredis';
import { done, Inbox, numbers, run, until } from './steps.mjs';

const port = Number(process.argv[2]);
const client = new Redis(port);

async function connect() {
  assert.equal(await client.ping(), 'PONG');
  assert.equal(await client.set('{io}greeting', 'hello'), 'OK');
  assert.equal(await client.get('{io}greeting'), 'hello');
  await client.mset(Object.fromEntries(numbers(50).map(i => [`io:${i}`, i])));
  assert.deepEqual(await client.mget(numbers(50).map(i => `io:${i}`)), numbers(50).map(String));
  done('connect');
}

async function mixedCommands() {
  for (const i of numbers(125)) {
    const [text, hash, scores] = [`io:mixed:${i}`, `io:mixed:hash:${i}`, `io:mixed:scores:${i}`];
    assert.equal(await client.set(text, i, 'EX', 100), 'OK');
    assert.equal(await client.incrby(text, 5), i + 5);
    assert.equal(await client.get(text), String(i + 5));
    assert.equal(await client.hset(hash, { a: i, b: 'x' }), 2);
    assert.deepEqual(await client.hgetall(hash), { a: String(i), b: 'x' });
    assert.equal(await client.zadd(scores, i / 2, 'm'), 1);
    assert.equal(Number(await client.zscore(scores, 'm')), i / 2);
    assert.equal(await client.del(text, hash, scores), 3);
  }
  done('mixed commands');
}

async function pipeline() {
  const commands = client.pipeline();
  numbers(1000).forEach(i => commands.set(`io:many:${i}`, i).get(`io:many:${i}`));
  const replies = await commands.exec();
  assert.deepEqual(replies, numbers(1000).flatMap(i => [[null, 'OK'], [null, String(i)]]));
  done('pipeline');
}

async function transaction() {
  const replies = await client.multi().set('{io}a', 1).incr('{io}a').rpush('{io}list', 'x', 'y').lrange('{io}list', 0, -1).exec();
  assert.deepEqual(replies, [[null, 'OK'], [null, 2], [null, 2], [null, ['x', 'y']]]);
  done('transaction');
}

// Four connections count, each by reading and writing what nobody else changed meanwhile.
async function optimisticLock() {
  await Promise.all(numbers(4).map(async () => {
    const own = client.duplicate();
    for (let counted = 0; counted < 25;) {
      await own.watch('{io}count');
      const seen = Number(await own.get('{io}count') ?? 0);
      if (await own.multi().set('{io}count', seen + 1).exec() !== null) {
        counted++;
      }
    }
    own.disconnect();
  }));
  assert.equal(await client.get('{io}count'), '100');
  done('optimistic lock');
}

async function publishAndSubscribe() {
  const subscriber = client.duplicate();
  const messages = new Inbox();
  const matching = new Inbox();
  subscriber.on('message', (channel, message) => messages.add(message));
  subscriber.on('pmessage', (pattern, channel, message) => matching.add(message));
  assert.equal(await subscriber.subscribe('io:news', 'io:other'), 2);
  assert.equal(await subscriber.psubscribe('io:n*'), 3);
  const commands = client.pipeline();
  numbers(100).forEach(i => commands.publish('io:news', i));
  assert.deepEqual(await commands.exec(), numbers(100).map(() => [null, 2]));
  assert.deepEqual(await messages.take(100), numbers(100).map(String));
  assert.deepEqual(await matching.take(100), numbers(100).map(String));
  assert.equal(await subscriber.unsubscribe('io:news', 'io:other'), 1);
  assert.equal(await subscriber.punsubscribe('io:n*'), 0);
  subscriber.disconnect();
  done('publish and subscribe');
}

async function blockingPop() {
  const waiter = client.duplicate();
  assert.equal(await waiter.blpop('{io}queue', 0.1), null);
  const popped = waiter.blpop('{io}other', '{io}queue', 30);
  await client.rpush('{io}queue', 'work');
  assert.deepEqual(await popped, ['{io}queue', 'work']);
  waiter.disconnect();
  done('blocking pop');
}

async function scan() {
  const keys = new Set();
  for await (const page of client.scanStream({ match: 'io:many:*', count: 100 })) {
    page.forEach(key => keys.add(key));
  }
  assert.deepEqual([...keys].sort(), numbers(1000).map(i => `io:many:${i}`).sort());
  done('scan');
}

let loaded;

async function script() {
  client.defineCommand('addTo', { numberOfKeys: 1, lua: "return redis.call('incrby', KEYS[1], ARGV[1])" });
  loaded = await client.script('LOAD', "return { KEYS[1], redis.call('get', KEYS[1]) }");
  assert.deepEqual(await client.script('EXISTS', loaded, 'f'.repeat(40)), [1, 0]);
  for (const i of numbers(50)) {
    assert.equal(await client.addTo(`io:script:${i}`, i), i);
    assert.deepEqual(await client.evalsha(loaded, 1, `io:script:${i}`), [`io:script:${i}`, String(i)]);
  }
  done('script');
}

async function restart() {
  const subscriber = client.duplicate();
  const messages = new Inbox();
  subscriber.on('message', (channel, message) => messages.add(message));
  await subscriber.subscribe('io:after');
  await client.set('{io}before', 1);
  console.log('restart the servers');
  await until(async () => await client.get('{io}before') === null);
  await until(async () => await client.set('{io}after', 1) === 'OK' && await client.get('{io}after') === '1');
  await until(async () => await client.publish('io:after', 'again') === 1);
  assert.deepEqual(await messages.take(1), ['again']);
  await Promise.all(numbers(50).map(i => until(async () => (await client.evalsha(loaded, 1, `io:script:${i}`))[1] === null)));
  done('restart');
}

run([connect, mixedCommands, pipeline, transaction, optimisticLock, publishAndSubscribe, blockingPop, scan, script, restart]);
