/// <reference lib="dom" />
import { derivativeOf, keyOf, type HookPart, type HookParts } from '@heed/core';
import { isShared, type Kernels } from '../wasm-module.js';
import { emitHook, type Effect, type TileFunction } from './emit.js';
import type { TileFunctions } from './running.js';

const MOST = 256;

/** Makes functions of hooks over the memory of a module of kernels: one for each structure, whatever the lengths are. */
export class HookCompiler {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #compiled = new Map<string, TileFunction>();

  constructor(kernels: Kernels, memory: WebAssembly.Memory) {
    this.#kernels = kernels;
    this.#memory = memory;
  }

  functionsOf({ scoreHook, maskHook }: HookParts, wantsGradients: boolean): TileFunctions {
    return {
      score: scoreHook ? this.#result(scoreHook, 'score') : undefined,
      mask: maskHook ? this.#result(maskHook, 'mask') : undefined,
      gradient: scoreHook && wantsGradients ? this.#gradient(scoreHook) : undefined,
    };
  }

  #result({ program: { steps, result }, captures }: HookPart, kind: 'score' | 'mask'): TileFunction {
    return this.#compile(steps, captures, { kind, result }, keyOf(steps, result));
  }

  #gradient({ program, captures }: HookPart): TileFunction {
    const { steps, input, reads } = derivativeOf(program);
    const key = keyOf(steps, input, ...reads.flatMap(({ read, gradient }) => [read, gradient]));
    return this.#compile(steps, captures, { kind: 'gradient', result: input, reads }, key);
  }

  #compile(
    steps: Parameters<typeof emitHook>[0],
    captures: HookPart['captures'],
    effect: Effect,
    structure: string,
  ): TileFunction {
    const key = [effect.kind, captures.map(({ shape }) => shape.length).join(','), structure].join(' ');
    let found = this.#compiled.get(key);
    if (found === undefined) {
      const bytes = emitHook(steps, captures, effect, isShared(this.#memory));
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
        env: { memory: this.#memory },
        math: this.#kernels as unknown as WebAssembly.ModuleImports,
      });
      found = exports['run'] as TileFunction;
      if (this.#compiled.size >= MOST) this.#compiled.delete(this.#compiled.keys().next().value!);
      this.#compiled.set(key, found);
    }
    return found;
  }
}
