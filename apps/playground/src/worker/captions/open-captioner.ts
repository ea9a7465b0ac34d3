import type { OutputsByKind } from '@heed/tasks';
import { captioner, type Captioner } from '@heed/networks';
import { decodeModel } from '@heed/nn';
import type { CaptionsSetup } from '../../engine/jobs.js';
import { fetchBytes } from '../../state/fetch-bytes.js';
import { beforeSwitch } from '../session.js';

type From = NonNullable<CaptionsSetup['of']>;

/** A captioner, with the symbols of each language where they are known: a caption has no others. */
export interface OpenCaptioner {
  readonly model: Captioner;
  readonly symbols: OutputsByKind;
}

interface Held {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly symbols: OutputsByKind;
  model: Captioner | undefined;
}

/** The shipped captioner. Its file stays in memory when the backend changes. */
let held: Held | undefined;

beforeSwitch(() => {
  held?.model?.dispose();
  if (held !== undefined) held.model = undefined;
});

/**
 * The captioner that was loaded, or the one that the page ships, whose files are fetched when it is first needed.
 *
 * @param selected what the model waits for
 * @param progress gets the share of the file that has been loaded
 * @throws HeedError FILE_ACCESS, FILE_INVALID; INVALID_ARGUMENT when the model that was loaded is no captioner
 */
export async function openCaptioner(
  from: From,
  selected: Promise<unknown>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<OpenCaptioner> {
  if (from === 'loaded') {
    await selected;
    const { model, calibration } = (await import('../model.js')).loadedCaptioner();
    return { model, symbols: calibration?.outputs ?? {} };
  }
  const next = held?.url === from.model ? held : await fetched(from, progress, signal);
  await selected; // which disposes of a model that another backend holds
  if (held !== next) {
    held?.model?.dispose();
    held = next;
  }
  const model = (next.model ??= decodeModel(next.bytes, { networks: [captioner] }));
  return { model, symbols: next.symbols };
}

async function fetched(
  { model, calibration }: Exclude<From, 'loaded'>,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Held> {
  const [bytes, kept, { parseCalibration }] = await Promise.all([
    fetchBytes(model, signal, progress),
    fetchBytes(calibration, signal),
    import('@heed/tasks'),
  ]);
  const { outputs } = parseCalibration(new TextDecoder().decode(kept));
  return { url: model, bytes, symbols: outputs ?? {}, model: undefined };
}
