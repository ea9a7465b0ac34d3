import { HeedError } from '@heed/base';
import { setWebGLContext } from '@tensorflow/tfjs-backend-webgl';

/**
 * Gives TensorFlow.js a WebGL context. By itself it takes none that the browser calls slow, and so would refuse a machine without
 * a GPU, where SwiftShader computes the same.
 *
 * @returns a promise that rejects when the browser takes it away: HeedError CONTEXT_LOST
 */
export function openContext(): Promise<never> {
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
    canvas.addEventListener('webglcontextlost', () => reject(contextLost()));
  });
  lost.catch(() => {}); // also when nobody is waiting any more
  return lost;
}

const contextLost = (): HeedError =>
  new HeedError('CONTEXT_LOST', {
    message: 'the browser has taken the GPU away, with all that was on it',
    hint: 'its GPU process crashed, or the GPU was reset: make the problem smaller if it happens again. What was saved is whole',
  });

type WebGLContext = Parameters<typeof setWebGLContext>[1];
type CanvasClass = new (
  width: number,
  height: number,
) => {
  getContext(kind: 'webgl2', attributes: Readonly<Record<string, boolean>>): WebGLContext | null;
  addEventListener(event: 'webglcontextlost', listener: () => void): void;
};
