import { describe, expect, test } from 'vitest';
import { Engine, Stopped } from './client.js';
import type { FromWorker, ToWorker } from './protocol.js';

class FakeWorker extends EventTarget {
  readonly heard: ToWorker[] = [];
  isEnded = false;

  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(data: Partial<FromWorker>): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function setUp(): { engine: Engine; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const engine = new Engine(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  });
  return { engine, workers };
}

const status = (engine: Engine) => engine.run('status', { backend: 'cpu' });

describe('engine', () => {
  test('a worker that breaks fails its jobs, and the next job starts another', async () => {
    const { engine, workers } = setUp();
    const { result } = status(engine);
    workers[0].dispatchEvent(Object.assign(new Event('error'), { message: 'broken' }));
    await expect(result).rejects.toMatchObject({ code: 'UNEXPECTED', message: 'broken' });
    expect(workers[0].isEnded).toBe(true);
    void status(engine);
    expect(workers).toHaveLength(2);
  });

  test('an error of a worker that was ended leaves the new one alone', async () => {
    const { engine, workers } = setUp();
    const first = status(engine);
    engine.restart();
    await expect(first.result).rejects.toBeInstanceOf(Stopped);
    const second = status(engine);
    workers[0].dispatchEvent(Object.assign(new Event('error'), { message: 'late' }));
    expect(workers[1].isEnded).toBe(false);
    const { id } = workers[1].heard[0];
    workers[1].say({ id, kind: 'done', result: {} as never });
    await expect(second.result).resolves.toEqual({});
  });
});
