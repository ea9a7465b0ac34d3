import type { Recorder } from '@heed/core';
import type { WasmEngine } from '../engine.js';
import type { WasmRecorded } from './recorded.js';
import { WasmRecording } from './recording.js';

/** Records what functions do to an engine's heap. */
export const createRecorder = (engine: WasmEngine): Recorder => ({
  begin: (inputs, before) => new WasmRecording(engine, inputs, before as WasmRecorded | undefined),
});
