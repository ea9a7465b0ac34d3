import { BACKEND_NAMES, describeBackend, loadBackend } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag } from '../flags.js';
import type { Output } from '../io/output.js';

export async function backends(output: Output, { backend: only }: BackendFlag): Promise<ExitCode> {
  let best: string | undefined;
  for (const name of only === undefined ? BACKEND_NAMES : [only]) {
    const factory = await loadBackend(name);
    const reasons = await factory.unavailableReasons();
    if (reasons.length > 0) {
      output.event({ event: 'backend', name, available: false, reasons });
      output.print(`${output.paint.bold(name)}  ${describeBackend(name)}\n  can't run here: ${reasons.join('; ')}`);
      continue;
    }
    best ??= name;
    const backend = await factory.create();
    const { engine, capabilities } = backend;
    output.event({ event: 'backend', name, available: true, default: best === name, engine, capabilities });
    const { fused, simd, threads, floatBits, accumulatorBits, deterministic, replaces, notes } = capabilities;
    output.print(
      [
        `${output.paint.bold(name)}  ${describeBackend(name)}${best === name ? output.paint.green(' (default)') : ''}`,
        `  engine ${engine} · ${fused.length > 0 ? `fused ${fused.join(', ')}` : 'nothing fused'}`,
        `  float${floatBits}, accumulated in ${accumulatorBits} bits · SIMD ${simd} · ${threads} thread${threads === 1 ? '' : 's'}` +
          ` · ${deterministic ? 'same bits every time' : 'not deterministic'}`,
        ...(replaces.length > 0 ? [`  replaces the engine's ${replaces.join(', ')}`] : []),
        ...notes.map((note) => `  ${note}`),
      ].join('\n'),
    );
    await backend.dispose();
  }
  output.event({ event: 'done', default: best ?? null });
  return best === undefined ? EXIT.backendUnavailable : EXIT.ok;
}
