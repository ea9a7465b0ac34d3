import { HeedError } from '@heed/base';
import type { KnownNetwork } from '@heed/networks';
import { decodeModel, type ModelOf } from '@heed/nn';
import type { Answer } from '@heed/tasks';
import type { Args } from '../engine/protocol.js';
import { fetchBytes } from '../state/fetch-bytes.js';
import { beforeSwitch } from './session.js';

/** Model of the task that was asked last. Its file stays in memory when the backend changes. */
let held: { readonly task: string; readonly bytes: Uint8Array; model: ModelOf<KnownNetwork> | undefined } | undefined;

beforeSwitch(() => {
  held?.model?.dispose();
  if (held !== undefined) held.model = undefined;
});

/**
 * Answer of a task's shipped model to a text.
 *
 * @param progress gets the share of the model's file that has been loaded
 * @throws HeedError FILE_ACCESS, UNKNOWN_NAME, INVALID_ARGUMENT for a text that the task can't read
 */
export async function answer(
  { task: name, model: url, text, seed }: Args<'answer'>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const { findTask } = await import('@heed/tasks');
  const task = findTask(name);
  const input = task.parse(text);
  if (held?.task !== name) {
    const bytes = await fetchBytes(url, signal, progress);
    held?.model?.dispose();
    held = { task: name, bytes, model: undefined };
  }
  held.model ??= decodeModel(held.bytes, { networks: task.networks });
  const [found] = await task.answer(held.model, [input], {
    ...(task.options.includes('sampling') && { sampling: { seed } }),
  });
  if (found === undefined) throw new HeedError('INVALID_ARGUMENT', { message: `${name} has no answer` });
  return found;
}
