/**
 * Work on a model's parameters: what fails because they were disposed meanwhile says so.
 *
 * @param assertAlive throws DISPOSED when they are gone
 */
export async function whileAlive<T>(assertAlive: () => void, work: () => Promise<T>): Promise<T> {
  assertAlive();
  try {
    return await work();
  } catch (error) {
    assertAlive();
    throw error;
  }
}

/** `whileAlive` for steps that are made when they are asked for. */
export async function* stepsWhileAlive<T>(assertAlive: () => void, steps: () => AsyncGenerator<T>): AsyncGenerator<T> {
  assertAlive();
  try {
    yield* steps();
  } catch (error) {
    assertAlive();
    throw error;
  }
}
