import { HeedError } from '@heed/base';
import { NETWORKS, takesMechanisms } from '@heed/networks';
import { holdsRun, type RunFolder } from '@heed/nn';
import { attentionIn } from '../attention-in.js';
import type { Catalog } from '../catalog.js';
import { kebab } from '../flag-names.js';
import { mechanismsOf, networksOf, tasksOf, type AnyTask } from '../known.js';
import { ownKind, taskOfName } from '../own/task-source.js';

/** What a run names: parts that a configuration file may have brought. */
export interface NamesInRun {
  readonly task?: string;
  readonly network?: string;
  readonly attention?: string;
  /** Folder of the pretrained model that it trains on. */
  readonly from?: string;
}

const INFO_FILE = 'run.json';
const LARGEST_INFO = 2 ** 24;

/** The names in a run's folder as they are written there; none where there is no run, or one that can't be read, which its reader tells. */
export async function namesInRun(folder: RunFolder): Promise<NamesInRun> {
  if (!(await holdsRun(folder))) return {};
  try {
    const info: unknown = JSON.parse(new TextDecoder().decode(await folder.read(INFO_FILE, LARGEST_INFO)));
    const task = textIn(info, 'task');
    const network = textIn(fieldOf(info, 'model'), 'kind');
    const attention = attentionIn(fieldOf(info, 'model') ?? {});
    const from = textIn(fieldOf(fieldOf(info, 'dataOptions'), 'from'), '0');
    return {
      ...(task && { task }),
      ...(network && { network }),
      ...(attention && { attention }),
      ...(from && { from }),
    };
  } catch {
    return {};
  }
}

/**
 * What a run was made with has to be known before anything of it can be used.
 *
 * @returns its names
 * @throws HeedError CHECKPOINT_INVALID, with what is missing and how to bring it
 */
export async function assertKnownParts(folder: RunFolder, catalog: Pick<Catalog, 'brought'>): Promise<NamesInRun> {
  const names = await namesInRun(folder);
  const { task, network, attention, from } = names;
  const known = tasksOf(catalog);
  const isKnown = task !== undefined && (Object.hasOwn(known, task) || ownKind(task) !== undefined);
  const plain = isKnown ? taskOfName(task, catalog) : undefined;
  const tuned = plain && from !== undefined && (await import('../pretrained/tuning.js')).tuning(from);
  const own = tuned ? tuned.task(plain) : plain;
  const kinds = [...(own?.networks ?? []), ...networksOf(catalog)].map(({ kind }) => kind);
  const missing = [
    task !== undefined && own === undefined && `task ${JSON.stringify(task)}`,
    network !== undefined && !kinds.includes(network) && `network ${JSON.stringify(network)}`,
    attention !== undefined &&
      // A network that somebody made may have attention that only it knows.
      hasKnownAttention(own, network) &&
      !isMechanism(attention, catalog) &&
      `attention ${JSON.stringify(kebab(attention))}`,
  ].filter((part) => part !== false);
  if (missing.length === 0) return names;
  const { file } = catalog.brought;
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `the run in ${folder.path} is of ${missing.join(' and ')}, not known here`,
    hint:
      file === undefined
        ? 'a configuration file brought it: name that with --config FILE, or work in its folder'
        : `${file.shown} doesn't bring it: name the file that does with --config FILE`,
    details: { folder: folder.path, task, network, attention },
  });
}

/** Whether the attention of such a network is among all mechanisms: so it is of Heed's networks. */
const hasKnownAttention = (task: AnyTask | undefined, network: string | undefined): boolean => {
  const heeds = NETWORKS.find(({ kind }) => kind === network);
  const own = task?.networks.find(({ kind }) => kind === network) ?? heeds;
  return heeds !== undefined && own !== undefined && (own === heeds || takesMechanisms(own));
};

const isMechanism = (kind: string, catalog: Pick<Catalog, 'brought'>): boolean =>
  kind === 'none' || mechanismsOf(catalog).some((one) => one.kind === kind);

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

function textIn(value: unknown, key: string): string | undefined {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : undefined;
}
