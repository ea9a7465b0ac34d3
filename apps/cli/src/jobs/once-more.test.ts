import { expect, it } from 'vitest';
import { KILLED } from './apart.js';
import type { Ended, Job } from './job.js';
import { onceMore } from './once-more.js';

const JOB: Job = { kind: 'shard', id: 'a', folder: 'b' };
const killed: Ended = { kind: 'failed', code: KILLED, message: 'SIGKILL has ended its process' };
const wrong: Ended = { kind: 'failed', code: 'FILE_INVALID', message: 'not a model' };
const done: Ended = { kind: 'done' };

const tried = async (ends: readonly Ended[], signal = new AbortController().signal): Promise<[Ended, number]> => {
  let tries = 0;
  const ended = await onceMore(() => Promise.resolve(ends[tries++]!))(JOB, { signal, onStep() {} });
  return [ended, tries];
};

it('tries work that was killed once more', async () => {
  expect(await tried([killed, done])).toEqual([done, 2]);
});

it('and no more than that', async () => {
  expect(await tried([killed, killed, done])).toEqual([killed, 2]);
});

it('leaves what failed by itself, is done, or is stopped', async () => {
  expect(await tried([wrong, done])).toEqual([wrong, 1]);
  expect(await tried([done, wrong])).toEqual([done, 1]);
  expect(await tried([killed, done], AbortSignal.abort())).toEqual([killed, 1]);
});
