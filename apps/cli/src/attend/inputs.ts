import { HeedError } from '@heed/core';
import type { Host } from '../host.js';
import { flagOf } from '../flag-names.js';
import type { AttendFlags } from '../commands/attend-command.js';
import { readArray, type FloatArray } from './read-array.js';

/** Flags of `heed attend` that name a file of numbers. */
export type ArrayFlag = 'query' | 'key' | 'value' | 'scores' | 'mask' | 'bias' | 'parameters';

/** The numbers of a file that float32 can't hold. */
export interface Loss {
  readonly flag: ArrayFlag;
  /** How many there are altogether. */
  readonly of: number;
  /** How many become infinite, and how many 0. */
  readonly tooLarge: number;
  readonly tooSmall: number;
  /** The greatest absolute value, before. */
  readonly largest: number;
}

/**
 * What the flags name, each file read once, however often it is named, as standard input can be; and what was seen in it.
 */
export class Inputs {
  readonly losses: Loss[] = [];
  /** Whether every number was finite in its file. */
  allFinite = true;
  /** The greatest absolute value that was finite there. */
  largest: { readonly flag: ArrayFlag; readonly value: number } | undefined;
  readonly #host: Pick<Host, 'readFile'>;
  readonly #flags: Pick<AttendFlags, ArrayFlag>;
  readonly #read = new Map<string, FloatArray>();

  constructor(host: Pick<Host, 'readFile'>, flags: Pick<AttendFlags, ArrayFlag>) {
    this.#host = host;
    this.#flags = flags;
  }

  /** @throws HeedError as `readArray` */
  async array(flag: Exclude<ArrayFlag, 'parameters'>): Promise<FloatArray> {
    const path = this.#flags[flag]!;
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const { shape, data: numbers } = await readArray(this.#host, path);
    const array = { shape: [...shape], data: Float32Array.from(numbers) };
    this.#read.set(path, array);
    this.#look(flag, numbers, array.data);
    return array;
  }

  /**
   * True and false, or 1 and 0.
   *
   * @throws HeedError as `readArray`; INVALID_ARGUMENT for other numbers, which would be those of a bias
   */
  async mask(): Promise<FloatArray> {
    const mask = await this.array('mask');
    const strange = mask.data.find((value) => value !== 0 && value !== 1);
    if (strange === undefined) return mask;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `--mask: ${JSON.stringify(this.#flags.mask)} has ${strange}, and a mask is of true and false, or 1 and 0`,
      hint: 'true attends. Numbers that are added to the scores, as 0 and -1e9, are a --bias',
      details: { value: strange },
    });
  }

  /** A whole file. */
  async parameters(): Promise<Uint8Array> {
    return this.#host.readFile(this.#flags.parameters!);
  }

  /** Keeps in mind what a file holds. */
  #look(flag: ArrayFlag, numbers: ArrayLike<number>, data: Float32Array): void {
    let [tooLarge, tooSmall, largest] = [0, 0, 0];
    for (let n = 0; n < numbers.length; n++) {
      const value = Math.abs(numbers[n]);
      if (!Number.isFinite(value)) {
        this.allFinite = false;
        continue;
      }
      largest = Math.max(largest, value);
      if (!Number.isFinite(data[n])) tooLarge++;
      else if (data[n] === 0 && value > 0) tooSmall++;
    }
    if (tooLarge + tooSmall > 0) this.losses.push({ flag, of: numbers.length, tooLarge, tooSmall, largest });
    if (largest > (this.largest?.value ?? -1)) this.largest = { flag, value: largest };
  }

  /** The same of numbers that were float32 in their file. */
  saw(flag: ArrayFlag, data: Float32Array): void {
    this.#look(flag, data, data);
  }
}

/** "--query: 1 of 4 numbers is too large for float32 and becomes infinite; the largest is 1e+300" */
export function describeLoss({ flag, of, tooLarge, tooSmall, largest }: Loss): string {
  const are = (count: number, how: string, becomes: string): string =>
    `${count} of ${of} numbers ${count === 1 ? `is too ${how} for float32 and becomes` : `are too ${how} for float32 and become`} ${becomes}`;
  const parts = [
    ...(tooLarge > 0 ? [`${are(tooLarge, 'large', 'infinite')}; the largest is ${largest}`] : []),
    ...(tooSmall > 0 ? [are(tooSmall, 'small', '0')] : []),
  ];
  return `${flagOf(flag)}: ${parts.join('; ')}`;
}
