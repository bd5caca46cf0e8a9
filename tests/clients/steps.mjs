// What the programs of the clients for Node.js have in common.

const deadline = 30_000;

export const done = step => console.log(`${step}: done`);

export const sleep = ms => new Promise(go => setTimeout(go, ms));

// Waits for a condition; while the servers are down requests may fail.
export async function until(condition) {
  const end = Date.now() + deadline;
  for (;;) {
    try {
      if (await condition()) {
        return;
      }
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
    if (Date.now() > end) {
      throw new Error('not in time');
    }
    await sleep(20);
  }
}

// What comes unasked, to be taken in its order.
export class Inbox {
  #messages = [];
  #waiting = [];

  add(message) {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting(message);
    } else {
      this.#messages.push(message);
    }
  }

  async take(count) {
    const taken = [];
    while (taken.length < count) {
      taken.push(this.#messages.length > 0 ? this.#messages.shift() : await this.#next());
    }
    return taken;
  }

  #next() {
    return new Promise((go, fail) => {
      const timer = setTimeout(() => fail(new Error('no message')), deadline);
      this.#waiting.push(message => {
        clearTimeout(timer);
        go(message);
      });
    });
  }
}

export const numbers = count => [...Array(count).keys()];

export async function run(steps) {
  try {
    for (const step of steps) {
      await step();
    }
    process.exit(0);
  } catch (error) {
    console.log(error);
    process.exit(1);
  }
}
