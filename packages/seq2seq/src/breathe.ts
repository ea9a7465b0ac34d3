/** Lets timers, signals and input be handled between pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
