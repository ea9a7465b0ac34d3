import { moduleFiles, type PretrainedFiles } from '@heed/hugging-face';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';

/** What is read of a folder; of pickled weights, that they are there. */
const READ = /\.(json|safetensors)$/;

const NOTHING = new Uint8Array(0);

/** The files of a folder, of which nothing is read yet. */
export async function filesOf(host: Host, folder: string): Promise<PretrainedFiles> {
  const names = await host.filesIn(folder);
  if (names === undefined)
    throw new UsageError(
      `${folder} is not a folder`,
      'give the folder that save_pretrained wrote, with its config.json',
    );
  const inside = folder.endsWith('/') ? folder : `${folder}/`;
  const opened = async (names: readonly string[]): Promise<PretrainedFiles> => {
    const entries = names.map(
      async (name) => [name, READ.test(name) ? await host.openFile(inside + name) : NOTHING] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };
  const files = await opened(names);
  return { ...files, ...(await opened(await moduleFiles(files))) };
}
