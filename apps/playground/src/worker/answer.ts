import { HeedError } from '@heed/base';
import { headLayers, type KnownNetwork } from '@heed/networks';
import type { ModelOf, Network } from '@heed/nn';
import type { AnswerOptions, Calibration, Task } from '@heed/tasks';
import type { TrustedAnswer } from '../engine/jobs.js';
import type { Args } from '../engine/protocol.js';
import { headsOff } from './heads-off.js';
import { ShippedModel } from './shipped-model.js';

/** The model that the page ships and that was asked last. */
export const shipped = new ShippedModel<KnownNetwork>();

/**
 * Answer of a model to a text: of the one that was loaded, or of a task's shipped one.
 *
 * @param selected what the model waits for: its files are fetched while the backend starts
 * @param progress gets the share of the model's file that has been loaded
 * @throws HeedError FILE_ACCESS, UNKNOWN_NAME, INVALID_ARGUMENT for a text that the task can't read
 */
export async function answer(
  { of, text, options, off = [] }: Args<'answer'>,
  selected: Promise<unknown>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<TrustedAnswer> {
  if (of === 'loaded') {
    await selected;
    const { task, model, calibration } = (await import('./model.js')).loadedWithTask(off);
    return ofHeads(await answerOf(task, model, text, options, calibration), model);
  }
  const { findTask } = await import('@heed/tasks');
  const task = findTask(of.task);
  task.parse(text); // a text that it refuses needs no model
  const { model, calibration } = await shipped.open(of, task.networks, { selected, progress, signal }, headsOff(off));
  return ofHeads(await answerOf(task, model, text, options, calibration), model);

  function ofHeads({ trust, ...found }: TrustedAnswer, model: ModelOf<KnownNetwork>): TrustedAnswer {
    // How often the whole model is right says nothing of what is left of it.
    return { ...found, heads: headLayers(model), ...(trust && off.length === 0 && { trust }) };
  }
}

/** Answer of a model to one text, by those of the options that its task has; of a calibrated one with how far it can be trusted. */
export async function answerOf(
  task: Task<Network>,
  model: ModelOf<Network>,
  text: string,
  { beam, sampling }: AnswerOptions,
  calibration?: Calibration,
): Promise<TrustedAnswer> {
  const input = task.parse(text);
  const [found] = await task.answer(model, [input], {
    ...(calibration?.outputs && { outputs: calibration.outputs }),
    ...(beam !== undefined && task.options.includes('beam') && { beam }),
    ...(sampling !== undefined && task.options.includes('sampling') && { sampling }),
  });
  if (found === undefined) throw new HeedError('INVALID_ARGUMENT', { message: `${task.name} has no answer` });
  if (calibration === undefined) return found;
  const { trustIn } = await import('@heed/tasks');
  return { ...found, trust: trustIn(task, calibration)(input, found) };
}
