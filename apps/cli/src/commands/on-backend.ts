/** Commands that work on a backend, and run where it does: in Node or in a page. Each is loaded when it runs. */
export const ON_BACKEND = {
  train: async () => (await import('./train.js')).train,
  run: async () => (await import('./run.js')).run,
  eval: async () => (await import('./eval.js')).evaluateRun,
  attend: async () => (await import('./attend.js')).attend,
  conformance: async () => (await import('./conformance.js')).conformance,
  cost: async () => (await import('./cost.js')).cost,
  bench: async () => (await import('./bench.js')).bench,
} as const;

export type OnBackend = keyof typeof ON_BACKEND;
