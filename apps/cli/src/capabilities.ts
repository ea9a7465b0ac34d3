import { declarationOf, type Capabilities, type FullDeclaration } from '@heed/core';
import type { Backends } from './backends.js';

/** What a backend can do here, or why it can't run. */
export type Ability =
  | { readonly reasons: readonly string[]; readonly hint?: string }
  | { readonly engine: string; readonly takes: FullDeclaration; readonly capabilities: Capabilities };

export async function abilityOf(backends: Backends, name: string): Promise<Ability> {
  const factory = await backends.load(name);
  const reasons = await factory.unavailableReasons();
  if (reasons.length > 0) return { reasons };
  const backend = await factory.create();
  const { engine, capabilities } = backend;
  await backend.dispose();
  return { engine, takes: declarationOf(backend), capabilities };
}
