/** What `heed` ends with; part of its interface. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  toleranceBreached: 3,
  backendUnavailable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
