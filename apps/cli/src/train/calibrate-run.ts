import { openRun, type RunFolder } from '@heed/nn';
import { calibrate, type CalibrateOptions } from '@heed/tasks';
import { CALIBRATION_LIMITS, keepCalibration } from '../calibration/kept.js';
import type { Host } from '../host.js';
import { networksFor, type AnyData, type AnyTask } from '../known.js';

/** Calibrates the model of a finished run, and keeps the calibration in its folder. Nothing is kept where the signal cuts it short. */
export async function calibrateRun(
  host: Host,
  folder: RunFolder,
  { task, data }: { readonly task: AnyTask; readonly data: AnyData },
  options: Pick<CalibrateOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const { model, info } = await openRun(folder, { networks: networksFor(task, host) });
  try {
    const found = await calibrate(task, model, data, { seed: info.model.seed, ...CALIBRATION_LIMITS, ...options });
    if (found !== undefined) await keepCalibration(folder, found);
  } finally {
    model.dispose();
  }
}
