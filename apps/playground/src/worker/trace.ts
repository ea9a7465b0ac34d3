import { HeedError } from '@heed/base';
import type { KnownNetwork, language } from '@heed/networks';
import type { ModelOf } from '@heed/nn';
import { names } from '@heed/tasks';
import type { TraceAnswer } from '../engine/jobs.js';
import type { Args } from '../engine/protocol.js';
import { shipped } from './answer.js';

/** Sign of the place before the first symbol. */
const BEGINNING = '⊢';

/**
 * What the shipped transformer that writes names computes of a text.
 *
 * @param selected what the model waits for: its files are fetched while the backend starts
 * @throws HeedError FILE_ACCESS, INVALID_ARGUMENT for a text that no name begins with
 */
export async function trace(
  { of, text }: Args<'trace'>,
  selected: Promise<unknown>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<TraceAnswer> {
  const { symbols } = names.parse(text);
  const { model } = await shipped.open(of, names.networks, { selected, progress, signal });
  if (!isLanguage(model))
    throw new HeedError('INVALID_ARGUMENT', { message: `${model.config.kind} models have no trace` });
  return { ...(await model.trace(symbols)), places: [BEGINNING, ...symbols] };
}

const isLanguage = (model: ModelOf<KnownNetwork>): model is ModelOf<typeof language> =>
  model.config.kind === 'language';
