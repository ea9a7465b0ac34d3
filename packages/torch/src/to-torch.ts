import type { NumericArray } from '@heed/formats';
import { HeedError } from '@heed/base';
import type { AnyTorchModule } from './torch-module.js';

/**
 * The state dict of a module, under the keys that PyTorch has for it and with the prefix that it had: what `fromTorch` read, to the bit of
 * float32, or what training made of it. `encodeSafetensors` of `@heed/formats` writes it as a file that PyTorch loads with `strict=True`.
 *
 * @returns float32 arrays, copies
 * @throws HeedError DISPOSED
 */
export function toTorch({ kind, prefix, parameters }: AnyTorchModule): Readonly<Record<string, NumericArray>> {
  const beginning = prefix === '' ? '' : `${prefix}.`;
  return Object.fromEntries(
    Object.entries(parameters).map(([key, variable]) => {
      if (variable.isDisposed) throw new HeedError('DISPOSED', { message: `toTorch: ${kind} after dispose` });
      const data = Float32Array.from(variable.dataSync<'float32'>());
      return [beginning + key, { dtype: 'float32', shape: [...variable.shape], data }];
    }),
  );
}
