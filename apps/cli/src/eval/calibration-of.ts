import { HeedError } from '@heed/base';
import { calibrate, type Calibration } from '@heed/tasks';
import { CALIBRATION_LIMITS, keepCalibration } from '../calibration/kept.js';
import type { Host } from '../host.js';
import type { AnyData } from '../known.js';
import type { OpenModel } from '../model.js';

// A glance at a few examples isn't made to wait for many others.
const LEAST = 30;

/**
 * The calibration of a model, made anew on the validation part where its folder keeps none. A run's own folder then keeps it, if it
 * can be written.
 *
 * @param limit greatest number of examples that are judged: a calibration is then of about as many, and isn't kept
 */
export async function calibrationOf(
  host: Host,
  runOrTask: string,
  { task, model, info, calibration }: OpenModel,
  data: AnyData,
  limit: number | undefined,
): Promise<Pick<Calibration, 'confidence' | 'outputs'>> {
  if (calibration !== undefined) return calibration;
  const { output } = host;
  const found = (await calibrate(task, model, data, {
    seed: info.model.seed,
    ...CALIBRATION_LIMITS,
    ...(limit !== undefined && { most: Math.min(CALIBRATION_LIMITS.most, Math.max(LEAST, limit)) }),
    onProgress: ({ done, total }) => output.progress({ done, total, unit: 'calibrating: example' }),
  }))!; // without a signal nothing cuts it short
  output.endProgress();
  if (limit !== undefined || (await host.shippedModel(runOrTask)) !== undefined) return found;
  try {
    await keepCalibration(await host.runFolder(runOrTask), found);
    output.note('calibrated on the validation part: heed run now says how far its answers can be trusted');
  } catch (error) {
    if (!HeedError.isInstance(error) || error.code !== 'FILE_ACCESS') throw error;
    output.note(`its calibration can't be kept: ${error.message}`);
  }
  return found;
}
