import type { AttentionBackend } from '@heed/core';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';
import { SIZES, SYMBOLS, type BenchFlags } from './bench-command.js';

/** Times the backends that can run here on the same problems, taking turns. */
export async function bench(host: Host, flags: BenchFlags): Promise<ExitCode> {
  checkFlags(flags);
  const backends = await openBackends(host, flags);
  if (backends.length === 0) return EXIT.backendUnavailable;
  const { decode, rounds, seed } = flags;
  try {
    if (decode === undefined) {
      const { batch, heads, length, width } = { ...SIZES, ...flags };
      const { benchOps } = await import('../bench/ops.js');
      await benchOps(host.output, backends, { batch, heads, length, width }, { rounds, seed });
      host.output.event({ event: 'done', batch, heads, length, width, rounds });
    } else {
      const { symbols = SYMBOLS } = flags;
      const { benchDecode } = await import('../bench/decode.js');
      await benchDecode(host, backends, decode, { symbols, rounds, seed });
      host.output.event({ event: 'done', model: decode, symbols, rounds });
    }
  } finally {
    for (const backend of backends) await backend.dispose();
  }
  return EXIT.ok;
}

/** @throws UsageError for flags of ops and of decoding together */
function checkFlags(flags: BenchFlags): void {
  const { decode, symbols } = flags;
  const size = (Object.keys(SIZES) as (keyof typeof SIZES)[]).find((name) => flags[name] !== undefined);
  if (decode !== undefined && size !== undefined)
    throw new UsageError(`--${size} is for ops, and --decode for a model`);
  if (decode === undefined && symbols !== undefined)
    throw new UsageError('--symbols is for --decode', 'heed bench --decode generate --symbols 200');
}

async function openBackends({ output, backends }: Host, { backend, threads }: BenchFlags): Promise<AttentionBackend[]> {
  const opened: AttentionBackend[] = [];
  for (const name of backend === undefined ? backends.here : [backend]) {
    const factory = await backends.load(name, { threads });
    const reasons = await factory.unavailableReasons();
    if (reasons.length === 0) opened.push(await factory.create());
    else output.note(`${name} can't run here: ${reasons.join('; ')}`);
  }
  return opened;
}
