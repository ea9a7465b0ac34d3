import { HeedError } from '@heed/base';
import type { SafetensorsFile } from '@heed/formats';
import { fromTorch, type AnyTorchOptions, type FromTorchOptions } from './from-torch.js';
import type { TorchKind } from './modules/index.js';
import type { StateDict } from './state/stored.js';
import type { AnyTorchModule, TorchModule, TorchOptionsOf } from './torch-module.js';

/**
 * A module of PyTorch from a safetensors file, of which only the module's own tensors are read: `fromTorch` for large files.
 *
 * @param file what `openSafetensors` of `@heed/formats` gives
 * @throws HeedError as `fromTorch`, and what reading throws
 */
export function loadTorch<Kind extends TorchKind>(
  file: SafetensorsFile,
  options: FromTorchOptions & { readonly kind: Kind } & TorchOptionsOf<Kind>,
): Promise<TorchModule<Kind>>;
export function loadTorch(file: SafetensorsFile, options?: AnyTorchOptions): Promise<AnyTorchModule>;
export async function loadTorch(file: SafetensorsFile, options: AnyTorchOptions = {}): Promise<AnyTorchModule> {
  if (typeof file?.read !== 'function' || !(file.entries instanceof Map)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'loadTorch: the file is none that openSafetensors opened',
      hint: 'await loadTorch(await openSafetensors(source)); for bytes and state dicts there is fromTorch',
    });
  }
  const { prefix = '' } = options;
  const inside = prefix === '' || prefix.endsWith('.') ? prefix : `${prefix}.`;
  const state: Record<string, StateDict[string]> = {};
  for (const [key, { shape }] of file.entries) {
    // Of other modules the shapes say what they are, in errors; nobody reads their numbers.
    state[key] = key.startsWith(inside) ? await file.read(key) : { shape, data: [] };
  }
  return fromTorch(state, options);
}
