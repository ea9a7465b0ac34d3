import { openSafetensors } from '@heed/formats';
import { openBytes } from '@heed/formats/node';
import type { AnyTorchOptions, FromTorchOptions } from './from-torch.js';
import { loadTorch } from './load-torch.js';
import type { TorchKind } from './modules/index.js';
import type { AnyTorchModule, TorchModule, TorchOptionsOf } from './torch-module.js';

/**
 * A module of PyTorch from the safetensors file at a path, of which only the module's own tensors are read.
 *
 * @throws HeedError FILE_ACCESS for what can't be read; FILE_INVALID for pickled files, with how to convert them; and as `fromTorch`
 */
export function loadTorchFile<Kind extends TorchKind>(
  path: string,
  options: FromTorchOptions & { readonly kind: Kind } & TorchOptionsOf<Kind>,
): Promise<TorchModule<Kind>>;
export function loadTorchFile(path: string, options?: AnyTorchOptions): Promise<AnyTorchModule>;
export async function loadTorchFile(path: string, options: AnyTorchOptions = {}): Promise<AnyTorchModule> {
  return loadTorch(await openSafetensors(await openBytes(path)), options);
}
