import type { WebgpuEngine } from './engine.js';
import { refusedProgram } from './failures.js';
import { Pipelines } from './pipelines.js';

/**
 * Calls `work` with nothing being computed, and waits for the programs that it met: Heed's and the engine's, compiled side by side.
 *
 * @throws HeedError DEVICE_ERROR, CONTEXT_LOST; and what `work` throws
 */
export async function compileAhead(engine: WebgpuEngine, work: () => void): Promise<void> {
  const { failures } = engine;
  failures.check();
  const own = engine.compileOnly(work);
  try {
    await Promise.all([own, Pipelines.of(engine.device).ready()]);
  } catch (error) {
    throw await failures.after(isOfPipeline(error) ? refusedProgram(error) : error);
  }
  failures.check();
}

const isOfPipeline = (error: unknown): boolean => error instanceof Error && error.name === 'GPUPipelineError';
