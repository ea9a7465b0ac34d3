import type { PretrainedFiles } from '@heed/hugging-face';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';

/** Most bytes of a file: the weights of a billion parameters. */
const LARGEST = 2 ** 32;

/** What is read of a folder; of pickled weights, that they are there. */
const READ = /\.(json|safetensors)$/;

/** The files of a folder that a model may be made of. */
export async function filesOf(host: Host, folder: string): Promise<PretrainedFiles> {
  const names = await host.filesIn(folder);
  if (names === undefined)
    throw new UsageError(
      `${folder} is not a folder`,
      'give the folder that save_pretrained wrote, with its config.json',
    );
  const entries = names.map(
    async (name) => [name, READ.test(name) ? await bytesOf(host, folder, name) : NOTHING] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

const NOTHING = new Uint8Array(0);

const bytesOf = (host: Host, folder: string, name: string): Promise<Uint8Array> =>
  host.readFile(folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`, LARGEST);
