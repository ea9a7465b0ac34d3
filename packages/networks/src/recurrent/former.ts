import { HeedError } from '@heed/core';

/**
 * What configurations and files said before coverage was a mechanism: `coverage: true` beside additive attention, whose
 * kernel was the model's own. This is the only place that knows it.
 */

/** Keys of parameters in files, and what they are called now. */
export const FORMER_KEYS: Readonly<Record<string, string>> = { 'coverage/kernel': 'attention/coverage_kernel' };

/**
 * A configuration as it is written now. What isn't a former one is left as it is, for the schema to judge.
 *
 * @throws HeedError CONFIG_INVALID for coverage beside another mechanism, which there never was
 */
export function withoutFormerCoverage(what: string, config: unknown): unknown {
  if (typeof config !== 'object' || config === null || !('coverage' in config)) return config;
  const { coverage } = config;
  if (typeof coverage !== 'boolean' && coverage !== undefined) return config;
  const rest = Object.entries(config).filter(([name]) => name !== 'coverage');
  return Object.fromEntries(
    rest.map(([name, value]) => [name, name === 'attention' && coverage === true ? covered(what, value) : value]),
  );
}

function covered(what: string, attention: unknown): unknown {
  const kind = (attention as { readonly kind?: unknown } | null)?.kind;
  if (kind === 'additive') return { ...(attention as object), kind: 'coverage' };
  throw new HeedError('CONFIG_INVALID', {
    message: `${what}: coverage is part of the energy of additive attention`,
    hint: "write attention: { kind: 'coverage', units } and leave coverage out",
    details: { path: 'coverage' },
  });
}
