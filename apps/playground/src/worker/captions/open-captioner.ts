import type { OutputsByKind } from '@heed/tasks';
import { captioner, type Captioner } from '@heed/networks';
import type { CaptionsSetup } from '../../engine/jobs.js';
import { ShippedModel } from '../shipped-model.js';

type From = NonNullable<CaptionsSetup['of']>;

/** A captioner, with the symbols of each language where they are known: a caption has no others. */
export interface OpenCaptioner {
  readonly model: Captioner;
  readonly symbols: OutputsByKind;
}

const shipped = new ShippedModel<typeof captioner>();

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
  const { model, calibration } = await shipped.open(from, [captioner], { selected, progress, signal });
  return { model, symbols: calibration.outputs ?? {} };
}
