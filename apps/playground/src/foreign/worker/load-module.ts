import { HeedError } from '@heed/base';
import type { BackendFactory } from '@heed/core';
import { link } from './link.js';
import { providedModules } from './provided.js';

let loaded: { readonly text: string; readonly factory: Promise<BackendFactory> } | undefined;

/**
 * Factory of a module's backend. The module runs once, however often it is asked for.
 *
 * @throws HeedError BACKEND_INVALID when the module can't be read, throws, or exports no factory
 */
export function loadModule(text: string): Promise<BackendFactory> {
  if (loaded?.text !== text) loaded = { text, factory: load(text, addressOf) };
  return loaded.factory;
}

/** Loads a module from its text, by the addresses that texts get. */
export async function load(text: string, addressOf: (text: string) => string): Promise<BackendFactory> {
  const addresses = new Map([...providedModules()].map(([name, module]) => [name, addressOf(module)]));
  return factoryOf((await import(/* @vite-ignore */ addressOf(link(text, addresses)))) as Exports);
}

type Exports = Readonly<Record<string, unknown>>;

const addressOf = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));

/** Factory that a module exports: as default or as its only export, itself or as a function that makes it. */
async function factoryOf(exports: Exports): Promise<BackendFactory> {
  const names = Object.keys(exports);
  const name = names.includes('default') ? 'default' : names.length === 1 ? names[0] : undefined;
  if (name === undefined) {
    const list = names.slice(0, 20).join(', ');
    throw new HeedError('BACKEND_INVALID', {
      message: `the module exports ${list === '' ? 'nothing' : list}, and none of it as default`,
      hint: 'its default export, or its only one, is the factory of a backend or a function that makes one',
      details: { problem: 'export', told: list },
    });
  }
  const exported = exports[name];
  const made: unknown = typeof exported === 'function' ? await (exported as () => unknown)() : exported;
  if (isFactory(made)) return made;
  throw new HeedError('BACKEND_INVALID', {
    message: `the module's export '${name}' is not the factory of a backend, nor a function that makes one`,
    hint: 'a factory has a name, unavailableReasons() and create(): see BackendFactory in @heed/core',
    details: { problem: 'factory', told: name },
  });
}

function isFactory(made: unknown): made is BackendFactory {
  const { name, unavailableReasons, create } = Object(made) as Partial<BackendFactory>;
  return typeof name === 'string' && typeof unavailableReasons === 'function' && typeof create === 'function';
}

/**
 * Result of work that runs the module's code. Whatever that throws becomes an error which can be told.
 *
 * @throws HeedError
 */
export async function withPlainErrors<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (isHeedError(error)) throw error;
    const told = messageOf(error);
    throw new HeedError('BACKEND_INVALID', {
      message: `the module fails: ${told}`,
      details: { problem: 'throws', told },
      cause: error,
    });
  }
}

// What was thrown may be a trap itself: an object whose properties throw when they are read.

function isHeedError(error: unknown): error is HeedError {
  try {
    return HeedError.isInstance(error) && typeof error.message === 'string' && typeof error.details === 'object';
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  try {
    return String(error).slice(0, 1000);
  } catch {
    return 'it throws what can’t be shown';
  }
}
