// What applications do with node-redis. See README.md.

import assert from 'node:assert/strict';
import { createClient, WatchError } from 'redis';
import { done, Inbox, numbers, run, until } from './steps.mjs';

const port = Number(process.argv[2]);
const client = await connected();

function connected() {
  return createClient({ socket: { port } }).on('error', error => console.log(error.message)).connect();
}

async function connect() {
  assert.equal(await client.ping(), 'PONG');
  assert.equal(await client.set('{node}greeting', 'hello'), 'OK');
  assert.equal(await client.get('{node}greeting'), 'hello');
  await client.mSet(numbers(50).map(i => [`node:${i}`, String(i)]));
  assert.deepEqual(await client.mGet(numbers(50).map(i => `node:${i}`)), numbers(50).map(String));
  done('connect');
}

async function mixedCommands() {
  for (const i of numbers(125)) {
    const [text, hash, scores] = [`node:mixed:${i}`, `node:mixed:hash:${i}`, `node:mixed:scores:${i}`];
    assert.equal(await client.set(text, i, { EX: 100 }), 'OK');
    assert.equal(await client.incrBy(text, 5), i + 5);
    assert.equal(await client.get(text), String(i + 5));
    assert.equal(await client.hSet(hash, { a: i, b: 'x' }), 2);
    assert.deepEqual({ ...await client.hGetAll(hash) }, { a: String(i), b: 'x' });
    assert.equal(await client.zAdd(scores, { score: i / 2, value: 'm' }), 1);
    assert.equal(await client.zScore(scores, 'm'), i / 2);
    assert.equal(await client.del([text, hash, scores]), 3);
  }
  done('mixed commands');
}

async function pipeline() {
  const replies = await Promise.all(numbers(1000).flatMap(i => [client.set(`node:many:${i}`, i), client.get(`node:many:${i}`)]));
  assert.deepEqual(replies, numbers(1000).flatMap(i => ['OK', String(i)]));
  done('pipeline');
}

async function transaction() {
  const replies = await client.multi().set('{node}a', 1).incr('{node}a').rPush('{node}list', ['x', 'y']).lRange('{node}list', 0, -1).exec();
  assert.deepEqual(replies, ['OK', 2, 2, ['x', 'y']]);
  done('transaction');
}

// Four connections count, each by reading and writing what nobody else changed meanwhile.
async function optimisticLock() {
  await Promise.all(numbers(4).map(async () => {
    const own = await connected();
    for (let counted = 0; counted < 25;) {
      await own.watch('{node}count');
      const seen = Number(await own.get('{node}count') ?? 0);
      try {
        await own.multi().set('{node}count', seen + 1).exec();
        counted++;
      } catch (error) {
        assert.ok(error instanceof WatchError, error);
      }
    }
    own.destroy();
  }));
  assert.equal(await client.get('{node}count'), '100');
  done('optimistic lock');
}

async function publishAndSubscribe() {
  const subscriber = await connected();
  const messages = new Inbox();
  const matching = new Inbox();
  await subscriber.subscribe(['node:news', 'node:other'], message => messages.add(message));
  await subscriber.pSubscribe('node:n*', message => matching.add(message));
  assert.deepEqual(await Promise.all(numbers(100).map(i => client.publish('node:news', String(i)))), numbers(100).map(() => 2));
  assert.deepEqual(await messages.take(100), numbers(100).map(String));
  assert.deepEqual(await matching.take(100), numbers(100).map(String));
  await subscriber.unsubscribe();
  await subscriber.pUnsubscribe();
  assert.equal(await client.publish('node:news', 'nobody'), 0);
  subscriber.destroy();
  done('publish and subscribe');
}

async function blockingPop() {
  const waiter = await connected();
  assert.equal(await waiter.blPop('{node}queue', 0.1), null);
  const popped = waiter.blPop(['{node}other', '{node}queue'], 30);
  await client.rPush('{node}queue', 'work');
  assert.deepEqual({ ...await popped }, { key: '{node}queue', element: 'work' });
  waiter.destroy();
  done('blocking pop');
}

async function scan() {
  const keys = new Set();
  for await (const page of client.scanIterator({ MATCH: 'node:many:*', COUNT: 100 })) {
    page.forEach(key => keys.add(key));
  }
  assert.deepEqual([...keys].sort(), numbers(1000).map(i => `node:many:${i}`).sort());
  done('scan');
}

let loaded;

async function script() {
  loaded = await client.scriptLoad("return redis.call('incrby', KEYS[1], ARGV[1])");
  assert.deepEqual(await client.scriptExists([loaded, 'f'.repeat(40)]), [1, 0]);
  for (const i of numbers(50)) {
    const call = { keys: [`node:script:${i}`], arguments: [String(i)] };
    assert.equal(await client.eval("return redis.call('incrby', KEYS[1], ARGV[1])", call), i);
    assert.equal(await client.evalSha(loaded, call), 2 * i);
  }
  done('script');
}

async function restart() {
  const subscriber = await connected();
  const messages = new Inbox();
  await subscriber.subscribe('node:after', message => messages.add(message));
  await client.set('{node}before', 1);
  console.log('restart the servers');
  await until(async () => await client.get('{node}before') === null);
  await until(async () => await client.set('{node}after', 1) === 'OK' && await client.get('{node}after') === '1');
  await until(async () => await client.publish('node:after', 'again') === 1);
  assert.deepEqual(await messages.take(1), ['again']);
  const answers = call => until(async () => await client.evalSha(loaded, call) > 0);
  await Promise.all(numbers(50).map(i => answers({ keys: [`node:script:${i}`], arguments: ['1'] })));
  done('restart');
}

run([connect, mixedCommands, pipeline, transaction, optimisticLock, publishAndSubscribe, blockingPop, scan, script, restart]);
