// What applications do with BullMQ. See README.md.

import assert from 'node:assert/strict';
import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';
import { done, numbers, run, until } from './steps.mjs';

const connection = { port: Number(process.argv[2]) };
const queue = new Queue('work', { connection });
const events = new QueueEvents('work', { connection });
[queue, events].forEach(emitter => emitter.on('error', () => {}));

function worker(process, options) {
  return new Worker('work', process, { connection, ...options }).on('error', () => {});
}

async function connect() {
  await queue.waitUntilReady();
  await events.waitUntilReady();
  assert.equal((await queue.add('first', { n: 1 })).name, 'first');
  assert.equal(await queue.count(), 1);
  assert.deepEqual((await queue.getWaiting()).map(job => job.data), [{ n: 1 }]);
  await queue.drain();
  done('connect');
}

async function thousandJobs() {
  await queue.addBulk(numbers(1000).map(n => ({ name: 'many', data: { n } })));
  const seen = [];
  const own = worker(async job => {
    seen.push(job.data.n);
    return job.data.n * 2;
  }, { concurrency: 20 });
  await until(async () => (await queue.getJobCounts('completed')).completed === 1000);
  assert.deepEqual(seen.sort((a, b) => a - b), numbers(1000));
  const [last] = await queue.getCompleted(0, 0);
  assert.equal(last.returnvalue, last.data.n * 2);
  await own.close();
  done('a thousand jobs');
}

async function retries() {
  const own = worker(async job => {
    if (job.attemptsMade < 2) {
      throw new Error('not yet');
    }
    return 'at last';
  });
  const job = await queue.add('again', {}, { attempts: 3, backoff: { type: 'fixed', delay: 10 } });
  assert.equal(await job.waitUntilFinished(events, 30_000), 'at last');
  const failing = await queue.add('never', {}, { attempts: 1, delay: 20, jobId: 'never' });
  await until(async () => await failing.getState() === 'failed' || await failing.getState() === 'completed');
  assert.equal(await failing.getState(), 'failed');
  assert.equal((await queue.getJob('never')).failedReason, 'not yet');
  await own.close();
  done('retries and delays');
}

async function flow() {
  const own = worker(async job => job.name === 'parent' ? Object.values(await job.getChildrenValues()).sort() : job.data.n);
  const flows = new FlowProducer({ connection });
  const { job } = await flows.add({
    name: 'parent',
    queueName: 'work',
    children: numbers(3).map(n => ({ name: 'child', queueName: 'work', data: { n } })),
  });
  assert.deepEqual(await job.waitUntilFinished(events, 30_000), [0, 1, 2]);
  await flows.close();
  await own.close();
  done('flow');
}

async function pauseAndPriorities() {
  await queue.pause();
  assert.equal(await queue.isPaused(), true);
  await queue.add('later', { n: 2 }, { priority: 9 });
  await queue.add('sooner', { n: 1 }, { priority: 1 });
  const order = [];
  const own = worker(async job => { order.push(job.name); });
  await queue.resume();
  await until(() => order.length === 2);
  assert.deepEqual(order, ['sooner', 'later']);
  await own.close();
  done('pause and priorities');
}

async function obliterate() {
  await queue.obliterate({ force: true });
  assert.equal(await queue.count(), 0);
  done('obliterate');
}

async function restart() {
  const seen = new Set();
  const own = worker(async job => { seen.add(job.name); });
  await queue.add('before', {});
  await until(() => seen.has('before'));
  console.log('restart the servers');
  await until(async () => {
    await queue.add('after', {});
    return seen.has('after');
  });
  await own.close();
  done('restart');
}

run([connect, thousandJobs, retries, flow, pauseAndPriorities, obliterate, restart]);
