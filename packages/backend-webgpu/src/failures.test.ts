/// <reference lib="dom" />
import { expect, it } from 'vitest';
import { guardedReads, listen } from './failures.js';

class OutOfMemory {
  readonly message = 'no room for 9 bytes';
}
Object.assign(globalThis, { GPUOutOfMemoryError: OutOfMemory });

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((found) => {
    resolve = found;
  });
  return { promise, resolve };
}

/** A device that fails when it is told to. */
function failingDevice() {
  const events = new EventTarget();
  const { promise: lost, resolve } = withResolvers<{ message: string; reason: string }>();
  return {
    device: Object.assign(events, { lost }) as unknown as GPUDevice,
    lose: () => resolve({ message: '', reason: 'unknown' }),
    raise: (error: object) => events.dispatchEvent(Object.assign(new Event('uncapturederror'), { error })),
  };
}

const id = {};
const onGpu = (data: { values?: Float32Array | null }, read: () => Promise<Float32Array>) => ({
  dataOf: () => data,
  read,
  readSync: () => data.values!,
  compilesOnly: () => false,
});

it('missing memory is OUT_OF_MEMORY, and what follows from it is still that', async () => {
  const { device, raise } = failingDevice();
  const failures = listen(device);
  const { read } = guardedReads(
    onGpu({}, () => Promise.resolve(new Float32Array(1))),
    failures,
  );
  expect(await read(id)).toHaveLength(1);
  raise(new OutOfMemory());
  raise({ message: 'the buffer is invalid' });
  await expect(read(id)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', message: expect.stringContaining('9 bytes') });
});

it('numbers that a read brought while the device failed are not kept', async () => {
  const { device, raise } = failingDevice();
  const data: { values?: Float32Array | null } = {};
  const reading = async (): Promise<Float32Array> => {
    raise({ message: 'a pipeline is invalid' });
    return (data.values = new Float32Array(1));
  };
  const { read } = guardedReads(onGpu(data, reading), listen(device));
  await expect(read(id)).rejects.toMatchObject({ code: 'DEVICE_ERROR' });
  expect(data.values).toBeNull();
});

it('a read that is rejected because of a loss says so, and another keeps its error', async () => {
  const { device, lose } = failingDevice();
  const own = new Error('mapAsync was aborted');
  const { read } = guardedReads(
    onGpu({}, () => Promise.reject(own)),
    listen(device),
  );
  await expect(read(id)).rejects.toBe(own);
  const reading = read(id);
  lose();
  await expect(reading).rejects.toMatchObject({ code: 'CONTEXT_LOST' });
});
