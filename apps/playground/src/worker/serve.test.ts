import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromWorker, ToWorker } from '../engine/protocol.js';
import { serve, type Handlers } from './serve.js';

/** Fake of a worker's global scope, which posts only values that can be cloned. */
class FakeScope extends EventTarget {
  readonly said: FromWorker[] = [];

  postMessage(message: FromWorker): void {
    this.said.push(structuredClone(message));
  }

  tell(data: ToWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

let scope: FakeScope;
beforeEach(() => {
  scope = new FakeScope();
  vi.stubGlobal('self', scope);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const run = (id: number, job: 'status' | 'runFiles'): void =>
  scope.tell({ id, kind: 'run', job, args: { backend: 'cpu' } as never });

test('jobs after one whose result can’t be posted have their turn', async () => {
  const handlers: Partial<Handlers> = {
    status: () => Promise.resolve({ name: () => 'no data' } as never),
    runFiles: () => Promise.resolve({ 'run.json': new Uint8Array(2) }),
  };
  serve(handlers as Handlers, new Set());
  run(0, 'status');
  run(1, 'runFiles');
  await vi.waitFor(() => expect(scope.said).toHaveLength(2));
  expect(scope.said).toMatchObject([
    { id: 0, kind: 'failed', error: { code: 'UNEXPECTED' } },
    { id: 1, kind: 'done', result: { 'run.json': new Uint8Array(2) } },
  ]);
});

test('what is stopped before its turn never begins', async () => {
  const status = vi.fn();
  serve({ status, runFiles: () => Promise.resolve({}) } as Partial<Handlers> as Handlers, new Set());
  run(0, 'runFiles');
  run(1, 'status');
  scope.tell({ id: 1, kind: 'stop' });
  await vi.waitFor(() => expect(scope.said).toHaveLength(2));
  expect(scope.said[1]).toEqual({ id: 1, kind: 'stopped' });
  expect(status).not.toHaveBeenCalled();
});
