import { HeedError, nameHint } from '@heed/base';
import { encodeNpy, encodeSafetensors, type NumericArray } from '@heed/formats';
import type { AttentionMap } from '@heed/heatmap';
import { compute, type OutputName } from '../attend/compute.js';
import type { AttendFlags } from './attend-command.js';
import { planOf } from '../attend/flags.js';
import { describeLoss, Inputs } from '../attend/inputs.js';
import { axesOf, mapsOf } from '../attend/maps.js';
import { allowedOf } from '../attend/masks.js';
import { nest } from '../attend/nest.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { flagOf } from '../flag-names.js';
import type { Host, Output } from '../host.js';
import { mechanismsOf } from '../known.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { significant } from '../io/numbers.js';
import { UsageError, withoutHint } from '../usage-error.js';

interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

type Tensors = Partial<Record<OutputName, Result>>;

export async function attend(host: Host, flags: AttendFlags): Promise<ExitCode> {
  const { output } = host;
  const plan = planOf(flags, host);
  const returns = returnsOf(flags);
  const write = flags.out === undefined ? undefined : writerOf(host, flags.out, returns);
  const wants = new Set<OutputName>([...returns, ...(write?.needs ?? [])]);
  if (!wants.has('weights') && (flags.rowLabels ?? flags.columnLabels) !== undefined) {
    throw new UsageError('--row-labels and --column-labels are of maps, and none is made', 'add weights to --returns');
  }
  const backend = await host.backends.use(flags);

  const inputs = new Inputs(host, flags);
  const computed = await compute(inputs, plan, flags, wants, mechanismsOf(host)).catch(inFlags);
  for (const loss of inputs.losses) {
    output.event({ event: 'loss', ...loss });
    output.note(describeLoss(loss));
  }
  const tensors: Tensors = {};
  for (const name of wants) {
    const tensor = computed[name];
    if (tensor !== undefined) tensors[name] = { shape: tensor.shape, data: (await tensor.data()) as Float32Array };
  }

  const maps = tensors.weights === undefined ? [] : await drawn(inputs, tensors.weights, computed.rank, flags);
  output.event({
    event: 'result',
    backend: backend.name,
    ...Object.fromEntries(
      returns.map((name) => [
        name,
        { shape: tensors[name]!.shape, data: nest(tensors[name]!.data, tensors[name]!.shape) },
      ]),
    ),
  });
  assertFinite(tensors, inputs);
  if (returns.includes('weights')) printMaps(output, maps);
  for (const name of returns)
    if (name !== 'weights') output.print(`${name} [${tensors[name]!.shape}] ${glance(tensors[name]!.data)}`);
  if (write !== undefined) {
    await write.write(tensors, maps);
    output.note(`written to ${flags.out}`);
  }
  output.event({ event: 'done', ...(flags.out !== undefined && { out: flags.out }) });
  await backend.dispose();
  return EXIT.ok;
}

/** The weights as maps, which tell masked cells from weights of 0. */
async function drawn(
  inputs: Inputs,
  weights: NonNullable<Tensors['weights']>,
  rank: number,
  flags: AttendFlags,
): Promise<AttentionMap[]> {
  const { batch, heads, queries, keys } = axesOf(weights.shape, rank);
  return mapsOf(weights, rank, flags, await allowedOf(inputs, flags, [batch, heads, queries, keys]));
}

/** The hint of core names an option of its functions; here it is a flag. */
function inFlags(error: unknown): never {
  if (!HeedError.isInstance(error, 'ALIGNMENT_REQUIRED')) throw error;
  throw new HeedError(error.code, {
    message: withoutHint(error.message, error.hint),
    hint: 'say --align top-left or --align bottom-right, or give --offset',
    details: error.details,
    cause: error,
  });
}

/**
 * What comes of finite numbers is finite, unless they are too large for float32 or become so on the way.
 *
 * @throws HeedError NOT_FINITE
 */
function assertFinite(tensors: Tensors, { allFinite, largest }: Inputs): void {
  if (!allFinite || largest === undefined) return;
  for (const [name, { data }] of Object.entries(tensors)) {
    // Of a row that attends to nothing, logSumExp is −∞.
    const strange = data.filter((value) => !Number.isFinite(value) && !(name === 'logSumExp' && value === -Infinity));
    if (strange.length === 0) continue;
    throw new HeedError('NOT_FINITE', {
      message: `${strange.length} of ${data.length} numbers of ${name} are not finite (${[...new Set(strange)].join(', ')}), and all that were read are`,
      hint: `float32 ends at 3.4e38, for scores too; the largest number read is ${largest.value}, of ${flagOf(largest.flag)}`,
      details: { name, notFinite: strange.length, of: data.length, largest },
    });
  }
}

const NAMES: readonly OutputName[] = ['context', 'weights', 'logSumExp'];

function returnsOf({ returns = 'context,weights' }: AttendFlags): OutputName[] {
  const asked = returns.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !(NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`--returns ${JSON.stringify(unknown)}`, nameHint(unknown, NAMES));
  return NAMES.filter((name) => asked.includes(name));
}

interface Writer {
  readonly needs: readonly OutputName[];
  readonly write: (tensors: Tensors, maps: readonly AttentionMap[]) => Promise<void>;
}

/** By the extension, which is checked before the work is done. */
function writerOf(host: Host, path: string, returns: readonly OutputName[]): Writer {
  const array = ({ shape, data }: NonNullable<Tensors[OutputName]>): NumericArray => ({
    dtype: 'float32',
    shape,
    data,
  });
  if (path.endsWith('.npy')) {
    if (returns.length !== 1) {
      throw new UsageError(
        `a .npy file holds one array, not ${returns.join(' and ')}`,
        'say --returns weights, or write .safetensors',
      );
    }
    return { needs: [], write: (tensors) => host.writeFile(path, encodeNpy(array(tensors[returns[0]]!))) };
  }
  if (path.endsWith('.safetensors')) {
    return {
      needs: [],
      write: (tensors) =>
        host.writeFile(
          path,
          encodeSafetensors(Object.fromEntries(returns.map((name) => [name, array(tensors[name]!)]))),
        ),
    };
  }
  mapFormat(path);
  return { needs: ['weights'], write: (_, maps) => writeMaps(host, path, maps) };
}

function printMaps(output: Output, maps: readonly AttentionMap[]): void {
  if (output.json || maps.length === 0) return;
  output.maps(maps.slice(0, MOST_MAPS));
  if (maps.length > MOST_MAPS)
    output.note(`showing ${MOST_MAPS} of ${maps.length} maps; --out FILE writes all of them`);
}

const MOST_MAPS = 8;

/** The first numbers, for a look. */
function glance(data: Float32Array): string {
  const shown = Array.from(data.subarray(0, 6), (value) => significant(value, 4));
  return data.length > shown.length ? `${shown.join(' ')} …` : shown.join(' ');
}
