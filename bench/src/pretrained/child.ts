// A process with one library and one model, which computes what its parent asks for: `fork('child.js', ['{"library":…}'])`. So libraries share no
// memory, which each has a peak of, and no engine.
import { openHeed } from './heed.js';
import type { ChildArguments, Library, Loaded, Reply, Request } from './messages.js';
import type { OpenSubject } from './subject.js';
import { openOnNode, openOnWeb } from './transformers.js';

const LIBRARIES: Readonly<Record<Library, OpenSubject>> = { heed: openHeed, web: openOnWeb, node: openOnNode };

const { library, ...options } = JSON.parse(process.argv[2]) as ChildArguments;
const start = performance.now();
const subject = await LIBRARIES[library](options).catch(end);
const loadMs = performance.now() - start;

async function answer(request: Request): Promise<Float32Array> {
  if ('prompt' in request) return Float32Array.from(await subject.generate(request.prompt, request.count));
  const { sequences } = request;
  const states = await subject.encode(sequences);
  const each = states.length / sequences.length;
  const width = each / sequences[0].length;
  return Float32Array.from(sequences.flatMap((_, b) => Array.from(states.subarray(b * each, b * each + width))));
}

/** Says why on the last line of standard error, which the parent reads. */
function end(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

process.on('message', (request: Request) => {
  answer(request).then((results) => process.send!({ results, peakBytes: peakBytes() } satisfies Reply), end);
});
process.send!({ loadMs, peakBytes: peakBytes() } satisfies Loaded);
