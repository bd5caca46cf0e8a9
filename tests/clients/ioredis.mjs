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
  done('restart');
}

run([connect, pipeline, transaction, optimisticLock, publishAndSubscribe, blockingPop, restart]);
