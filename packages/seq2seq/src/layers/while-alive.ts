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
