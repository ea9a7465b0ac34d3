/// <reference lib="dom" />
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/** How tensors are read. */
interface Reads {
  read(id: DataId): Promise<BackendValues>;
  readSync(id: DataId): BackendValues;
}

export interface Readable extends Reads {
  /** What the engine knows of a tensor; `values` are numbers that are not on the GPU, or not only. */
  dataOf(id: DataId): { values?: BackendValues | null };
}

/**
 * Makes reads throw once the context is lost. The engine reads on then: it gets zeros, and keeps them, or waits for a fence
 * that never passes. Only reads can tell the user, as all that was computed since is as wrong.
 *
 * @returns the guarded reads, and what ends waiting for a loss
 */
export function guardedReads(engine: Readable, gl: WebGL2RenderingContext): Reads & { readonly stop: () => void } {
  const waiting = new Set<(error: HeedError) => void>();
  const onLoss = (): void => {
    for (const reject of waiting) reject(contextLost());
  };
  gl.canvas.addEventListener('webglcontextlost', onLoss);

  return {
    async read(id) {
      const data = engine.dataOf(id);
      if (data.values != null) return engine.read(id);
      if (gl.isContextLost()) throw contextLost();
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        engine.read(id).then(
          (values) => {
            waiting.delete(reject);
            if (!gl.isContextLost()) return resolve(values);
            data.values = null;
            reject(contextLost());
          },
          (error: unknown) => {
            waiting.delete(reject);
            reject(gl.isContextLost() ? contextLost(error) : error);
          },
        );
      });
    },
    readSync(id) {
      const data = engine.dataOf(id);
      if (data.values != null) return engine.readSync(id);
      if (gl.isContextLost()) throw contextLost();
      const values = engine.readSync(id);
      if (!gl.isContextLost()) return values;
      data.values = null;
      throw contextLost();
    },
    stop: () => gl.canvas.removeEventListener('webglcontextlost', onLoss),
  };
}

export function contextLost(cause?: unknown): HeedError {
  return new HeedError('CONTEXT_LOST', {
    message: 'the browser has taken the GPU away, with all that was on it',
    hint: 'select the backend again, which starts the engine anew, and go on from what you have elsewhere',
    cause,
  });
}
