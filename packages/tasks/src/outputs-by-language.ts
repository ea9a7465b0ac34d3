import type { OutputsByKind } from './task.js';

interface Told {
  readonly language: string;
  readonly targets: readonly (readonly string[])[];
}

/** Symbols of each language: those of its right outputs in the training part. */
export function outputsByLanguage({ train }: { readonly train: readonly Told[] }): OutputsByKind {
  const symbols: Record<string, Set<string>> = {};
  for (const { language, targets } of train) {
    const own = (symbols[language] ??= new Set());
    for (const symbol of targets.flat()) own.add(symbol);
  }
  return Object.fromEntries(Object.entries(symbols).map(([language, own]) => [language, [...own]]));
}
