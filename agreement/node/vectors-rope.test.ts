import { readFileSync } from 'node:fs';
import { rotary, rotaryFrequencies, type RotaryScaling } from '@heed/attention';
import { decodeSafetensors } from '@heed/formats';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { BACKENDS, expectNoLeak, useBackend } from '../../packages/attention/test/engine.js';

interface RopeCase {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>> & {
    readonly width: number;
    readonly rotaryWidth?: number;
    readonly base: number;
    readonly layout: 'half' | 'interleaved';
    readonly scaling: string;
  };
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly atol?: number }>>;
}

const file = (name: string): Buffer => readFileSync(new URL(`../../vectors/rope/${name}`, import.meta.url));
const { cases } = JSON.parse(file('cases.json').toString()) as { readonly cases: readonly RopeCase[] };
const { tensors } = decodeSafetensors(file('cases.safetensors'));

/** What the file's options say of a case beside its scaling. */
const OTHERS = ['batch', 'heads', 'kvHeads', 't', 'width', 'base', 'layout', 'rotaryWidth', 'scaling'];
const RTOL = 1e-5;

/** Settings of a case, in Heed's words. */
function settingsOf({ options }: RopeCase) {
  const { width, rotaryWidth = width, base, layout, scaling: kind } = options;
  const rest = Object.entries(options).filter(([name]) => !OTHERS.includes(name));
  const scaling = kind === 'default' ? undefined : ({ kind, ...Object.fromEntries(rest) } as unknown as RotaryScaling);
  return { base, layout, width: rotaryWidth, ...(scaling && { scaling }) };
}

function expectAsGiven({ id, tensors: known }: RopeCase, name: string, found: ArrayLike<number>): void {
  const wanted = tensors[`${id}/${name}`].data;
  const { atol = 0 } = known[name];
  expect(found.length, name).toBe(wanted.length);
  const wrong = Array.from(wanted).findIndex((x, n) => !(Math.abs(found[n] - x) <= atol + RTOL * Math.abs(x)));
  expect(wrong < 0 ? undefined : `${name}[${wrong}] is ${found[wrong]}, not ${wanted[wrong]}`).toBeUndefined();
}

describe('rotary positions of vectors/rope', () => {
  it('are there', () => expect(cases.length).toBe(13));

  it.each(cases.map((one) => [one.id, one] as const))('%s: frequencies', (_, one) => {
    const settings = settingsOf(one);
    const positions = tensors[`${one.id}/in/positions`].data;
    const length = 1 + Math.max(...(positions as Int32Array));
    const { inverseFrequency, attentionFactor } = rotaryFrequencies({
      width: settings.width,
      base: settings.base,
      scaling: settings.scaling,
      length,
    });
    expectAsGiven(one, 'out/inverseFrequency', inverseFrequency);
    expectAsGiven(one, 'out/attentionFactor', [attentionFactor]);
  });

  describe.each(BACKENDS)('on $name', (factory) => {
    useBackend(factory);

    it.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
      const given = (name: string): tf.Tensor4D =>
        tf.tensor(tensors[`${one.id}/${name}`].data as Float32Array, [...one.tensors[name].shape], 'float32');
      const [batch, time] = one.tensors['in/positions'].shape;
      const ids = tensors[`${one.id}/in/positions`].data as Int32Array;
      const positions = Array.from({ length: batch }, (__, b) => ids.subarray(b * time, (b + 1) * time));
      const options = { ...settingsOf(one), positions };
      for (const name of ['q', 'k']) {
        const [x, cotangent] = [given(`in/${name}`), given(`cotangent/${name}`)];
        const y = rotary(x, options);
        const gradient = tf.grad((z) => tf.sum(tf.mul(rotary(z as tf.Tensor4D, options), cotangent)));
        expectAsGiven(one, `out/${name}`, y.dataSync());
        expectAsGiven(one, `grad/${name}`, gradient(x).dataSync());
        expectNoLeak(() => rotary(x, options));
      }
    });
  });
});
