import { HeedError } from '@heed/core/errors';
import { setWebGLContext } from '@tensorflow/tfjs-backend-webgl';

/** The WebGL context of this page, which the browser may take away at any time: then TensorFlow.js computes zeros. */
export interface ContextWatch {
  /** @throws HeedError BACKEND_LOST when it was taken away */
  check(): void;
  /** Rejects when it is. */
  readonly lost: Promise<never>;
}

/**
 * Gives TensorFlow.js its context. By itself it takes none that the browser calls slow, and so would refuse a machine without
 * a GPU, where SwiftShader computes the same.
 */
export function openContext(): ContextWatch {
  const { OffscreenCanvas } = globalThis as unknown as { OffscreenCanvas: CanvasClass };
  const canvas = new OffscreenCanvas(300, 150);
  // As TensorFlow.js asks for it, but for failIfMajorPerformanceCaveat.
  const context = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    premultipliedAlpha: false,
    preserveDrawingBuffer: false,
    depth: false,
    stencil: false,
  });
  if (context !== null) setWebGLContext(2, context);
  const lost = new Promise<never>((_, reject) => {
    canvas.addEventListener('webglcontextlost', () => reject(lostError()));
  });
  lost.catch(() => {}); // also when nobody is waiting any more
  return {
    check() {
      if (context?.isContextLost()) throw lostError();
    },
    lost,
  };
}

const lostError = (): HeedError =>
  new HeedError('BACKEND_LOST', {
    message: 'the browser took the WebGL context away: its GPU process crashed, or the GPU was reset',
    hint: 'make the problem smaller if it happens again. What was saved is whole',
  });

type WebGLContext = Parameters<typeof setWebGLContext>[1];
type CanvasClass = new (
  width: number,
  height: number,
) => {
  getContext(kind: 'webgl2', attributes: Readonly<Record<string, boolean>>): WebGLContext | null;
  addEventListener(event: 'webglcontextlost', listener: () => void): void;
};
