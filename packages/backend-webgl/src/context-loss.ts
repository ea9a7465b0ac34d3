/// <reference lib="dom" />
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';

/** What reads of tensors go through. */
export interface Readable {
  /** `values` are numbers that are not on the GPU, or not only. */
  readonly texData: { get(id: DataId): { values?: BackendValues | null } };
  read(id: DataId): Promise<BackendValues>;
  readSync(id: DataId): BackendValues;
}

/**
 * Makes reads throw once the context is lost. The engine reads on then: it gets zeros, and keeps them, or waits for a fence
 * that never passes. Only reads can tell the user, as all that was computed since is as wrong.
 *
 * @returns what takes the guard away
 */
export function guardReads(engine: Readable, gl: WebGL2RenderingContext): () => void {
  const { read, readSync } = engine;
  const waiting = new Set<(error: HeedError) => void>();
  const onLoss = (): void => {
    for (const reject of waiting) reject(contextLost());
  };
  gl.canvas.addEventListener('webglcontextlost', onLoss);

  const guarded: Pick<Readable, 'read' | 'readSync'> = {
    async read(id) {
      const data = engine.texData.get(id);
      if (data.values != null) return read.call(engine, id);
      if (gl.isContextLost()) throw contextLost();
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        read.call(engine, id).then(
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
      const data = engine.texData.get(id);
      if (data.values != null) return readSync.call(engine, id);
      if (gl.isContextLost()) throw contextLost();
      const values = readSync.call(engine, id);
      if (!gl.isContextLost()) return values;
      data.values = null;
      throw contextLost();
    },
  };
  Object.assign(engine, guarded);
  return () => {
    gl.canvas.removeEventListener('webglcontextlost', onLoss);
    // Another guard may have come on top, and stays.
    if (engine.read === guarded.read) Object.assign(engine, { read, readSync });
  };
}

export function contextLost(cause?: unknown): HeedError {
  return new HeedError('CONTEXT_LOST', {
    message: 'the browser has taken the GPU away, with all that was on it',
    hint: 'select the backend again, which starts the engine anew, and go on from what you have elsewhere',
    cause,
  });
}
