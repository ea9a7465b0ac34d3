import { openRun, type RunFolder } from '@heed/nn';
import type { Host } from '../host.js';
import type { Tuning } from './tuning.js';

/** Folders of a run with what it made of a pretrained model, as other programs open them. */
const MODEL = 'pretrained';
const ADAPTER = 'adapter';

/**
 * Writes the best model of a finished run as a folder of Hugging Face, and its adapter as one of peft.
 *
 * @returns paths of the folders
 */
export async function saveTuned(host: Host, folder: RunFolder, { networks }: Tuning): Promise<readonly string[]> {
  const { model } = await openRun(folder, { networks });
  try {
    const saved = await model.save();
    const paths = [await writeInto(host, `${folder.path}/${MODEL}`, saved.model)];
    if (saved.adapter !== undefined) paths.push(await writeInto(host, `${folder.path}/${ADAPTER}`, saved.adapter));
    return paths;
  } finally {
    model.dispose();
  }
}

async function writeInto(host: Host, path: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await host.runFolder(path);
  await folder.make();
  for (const [name, bytes] of Object.entries(files)) await folder.write(name, bytes);
  return path;
}
