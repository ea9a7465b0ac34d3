import type { RunFolder } from '@heed/nn';
import { parseCalibration, type Calibration } from '@heed/tasks';
import { sha256 } from '../io/sha256.js';

/** The file of a run's calibration, beside its model. */
const CALIBRATION_FILE = 'calibration.json';
/** Bounds of a calibration that somebody waits for, in examples and in time. */
export const CALIBRATION_LIMITS = { most: 500, seconds: 10 } as const;

const MODEL_FILE = 'model.safetensors';

// A calibration has a few thousand numbers; a model may have billions.
const LARGEST_CALIBRATION = 2 ** 26;
const LARGEST_MODEL = 2 ** 31;

/**
 * The calibration that a run's folder keeps; undefined where there is none, or one of another model than the folder has now.
 *
 * @throws HeedError FILE_INVALID, FILE_ACCESS, FILE_TOO_LARGE
 */
export async function keptCalibration(folder: RunFolder): Promise<Calibration | undefined> {
  if (!(await folder.has(CALIBRATION_FILE))) return undefined;
  const kept = parseCalibration(new TextDecoder().decode(await folder.read(CALIBRATION_FILE, LARGEST_CALIBRATION)));
  return kept.model === (await sha256(await folder.read(MODEL_FILE, LARGEST_MODEL))) ? kept : undefined;
}

/**
 * Keeps a calibration of the model that a run's folder has.
 *
 * @throws HeedError FILE_ACCESS
 */
export async function keepCalibration(
  folder: RunFolder,
  found: Omit<Calibration, 'formatVersion' | 'model'>,
): Promise<void> {
  const model = await sha256(await folder.read(MODEL_FILE, LARGEST_MODEL));
  const calibration: Calibration = { formatVersion: 1, model, ...found };
  await folder.write(CALIBRATION_FILE, new TextEncoder().encode(`${JSON.stringify(calibration)}\n`));
}
