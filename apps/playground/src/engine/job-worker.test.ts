import { describe, expect, test } from 'vitest';
import { JobWorker, Stopped } from './job-worker.js';
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

function setUp(): { worker: JobWorker; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const worker = new JobWorker(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  });
  return { worker, workers };
}

const status = (worker: JobWorker) => worker.run('status', { backend: 'cpu' });

describe('worker', () => {
  test('a worker that breaks fails its jobs, and the next job starts another', async () => {
    const { worker, workers } = setUp();
    const { result } = status(worker);
    workers[0].dispatchEvent(Object.assign(new Event('error'), { message: 'broken' }));
    await expect(result).rejects.toMatchObject({ code: 'UNEXPECTED', message: 'broken' });
    expect(workers[0].isEnded).toBe(true);
    void status(worker);
    expect(workers).toHaveLength(2);
  });

  test('an error of a worker that was ended leaves the new one alone', async () => {
    const { worker, workers } = setUp();
    const first = status(worker);
    worker.restart();
    await expect(first.result).rejects.toBeInstanceOf(Stopped);
    const second = status(worker);
    workers[0].dispatchEvent(Object.assign(new Event('error'), { message: 'late' }));
    expect(workers[1].isEnded).toBe(false);
    const { id } = workers[1].heard[0];
    workers[1].say({ id, kind: 'done', result: {} as never });
    await expect(second.result).resolves.toEqual({});
  });
});
