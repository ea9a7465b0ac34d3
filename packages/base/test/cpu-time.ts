/** Milliseconds of the processor that some work took: what runs beside it on a busy machine doesn't count. */
export function cpuTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
