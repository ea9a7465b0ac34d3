import { checkName } from '@heed/base';
import { attempt, type Attempt } from './attempt.js';
import { picturesAt } from './frames.js';
import type { Host } from './host.js';
import type { Given, Place } from './inputs.js';
import type { OpenModel } from './model.js';
import { typed, UsageError } from './usage-error.js';

/** An input of a task, as it was asked for. */
export interface Asked {
  /** What people typed, and of a picture what is asked of it. */
  readonly text: string;
  readonly from: Place;
  readonly input: Attempt<unknown>;
}

/**
 * The texts that are asked of each picture; none for a task without pictures.
 *
 * @throws UsageError for a text that the model doesn't know, or for any without pictures
 */
export function textsAsked({ task, model }: OpenModel, ask: readonly string[] | undefined): readonly string[] {
  if (task.pictures === undefined) {
    if (ask === undefined) return [];
    throw new UsageError(`--ask means nothing here: ${task.name} reads no pictures`);
  }
  const known = task.pictures.texts(model);
  if (ask === undefined) return known.slice(0, 1);
  const { asks } = task.pictures;
  return ask.map((text) => typed(() => checkName(asks, text, known)));
}

/** Inputs that are made of what was given: a text is one; of the file of a picture, or the folder of a film's frames, each text that is asked of it is one. */
export async function askedOf(
  host: Host,
  { task }: OpenModel,
  given: readonly Given[],
  texts: readonly string[],
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const { text, from, error } of given) {
    if (error !== undefined) asked.push({ text, from, input: { error } });
    else if (task.pictures === undefined) asked.push({ text, from, input: attempt(() => task.parse(text)) });
    else asked.push(...(await ofPicture(host, task, { text: text.trim(), from }, texts)));
  }
  return asked;
}

async function ofPicture(
  host: Host,
  task: OpenModel['task'],
  { text: path, from }: Given,
  texts: readonly string[],
): Promise<Asked[]> {
  try {
    const pictures = await picturesAt(host, path, task.pictures!.most);
    return texts.map((text) => ({
      text: texts.length === 1 ? path : `${path}, ${text}`,
      from,
      input: attempt(() => task.parse(text, pictures)),
    }));
  } catch (error) {
    return [{ text: path, from, input: { error } }];
  }
}
