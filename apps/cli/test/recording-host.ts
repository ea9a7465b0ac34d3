import { Ansis } from 'ansis';
import type { Host } from '../src/host.js';
import { nodeHost } from '../src/io/node-host.js';

export interface RecordingHost extends Host {
  readonly events: Readonly<Record<string, unknown>>[];
  /** What people would read on standard output. */
  readonly text: string[];
}

/** This machine, but for what is written: that is kept. */
export function recordingHost(): RecordingHost {
  const events: Readonly<Record<string, unknown>>[] = [];
  const text: string[] = [];
  return {
    ...nodeHost({ json: true }),
    events,
    text,
    output: {
      json: false,
      paint: new Ansis(0),
      event: (event) => void events.push(event),
      print: (line) => void text.push(line),
      overlays: (overlays) => void text.push(...overlays.map(({ title }) => title ?? '')),
      maps: (maps) => void text.push(...maps.map(({ title }) => title ?? '')),
      note: () => {},
      error: () => {},
      progress: () => {},
      endProgress: () => {},
      drained: async () => {},
    },
  };
}
