import type { Mapping } from '../mapping.js';
import { hasBias, mapDecoding, type Decoding } from './decoding.js';

type Kind = 'monotonic' | 'mocha';

/** Expected alignments, which hand their weights on. */
const soft =
  (kind: Kind, between: Decoding['between'], options: readonly string[] = []): Mapping =>
  (test) =>
    mapDecoding(test, {
      config: {
        kind,
        mode: 'soft',
        units: test.options['units'],
        bias: hasBias(test),
        ...picked(test.options, options),
      },
      options,
      states: ['previous'],
      between,
    });

/** Alignments that stop at one position, which they hand on. */
const hard =
  (kind: Kind, options: readonly string[] = []): Mapping =>
  (test) =>
    mapDecoding(test, {
      config: {
        kind,
        mode: 'hard',
        units: test.options['units'],
        bias: hasBias(test),
        ...picked(test.options, options),
      },
      options,
      eachStep: ['position'],
    });

const picked = (options: Readonly<Record<string, unknown>>, names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, options[name]]));

export const mapMonotonicSoft = soft('monotonic', { choose: 'choose' });
export const mapMonotonicHard = hard('monotonic');
export const mapMochaSoft = soft('mocha', { monotonic: 'monotonic' }, ['chunk']);
export const mapMochaHard = hard('mocha', ['chunk']);

export const mapStepwiseMonotonic: Mapping = (test) =>
  mapDecoding(test, {
    config: { kind: 'stepwiseMonotonic', units: test.options['units'], bias: hasBias(test) },
    states: ['previous'],
    between: { stay: 'stay' },
  });
