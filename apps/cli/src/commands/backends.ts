import { describeTakes } from '@heed/core';
import { splitKernelNames } from '@heed/core/model-ops';
import { runInPage } from '../browser/run-in-page.js';
import { abilityOf, type Ability } from '../capabilities.js';
import type { Place } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { describeError } from '../io/errors.js';
import type { BackendsFlags } from './backends-command.js';

export async function backends(host: Host, flags: BackendsFlags): Promise<ExitCode> {
  const { output, backends: all } = host;
  const { paint } = output;
  const able: string[] = [];
  for (const name of flags.backend === undefined ? all.names : [flags.backend]) {
    const place = await all.placeOf(name, flags.browser);
    const heading = `${paint.bold(name)}  ${all.named(name).description}${describe(place)}`;
    const ability = await (place.inPage ? abilityInPage(host, name, flags) : abilityOf(all, name));
    const notInNode = place.inPage && place.because !== undefined ? place.because : undefined;
    if ('reasons' in ability) {
      const { hint } = ability;
      const reasons = notInNode === undefined ? ability.reasons : [...ability.reasons, `in Node: ${notInNode}`];
      output.event({ event: 'backend', name, available: false, reasons, ...(hint !== undefined && { hint }) });
      output.print(`${heading}\n  can't run here: ${[...reasons, hint].filter(Boolean).join('; ')}`);
      continue;
    }
    able.push(name);
    const { engine, takes, capabilities } = ability;
    const isDefault = able[0] === name && all.here.includes(name);
    output.event({
      event: 'backend',
      name,
      available: true,
      default: isDefault,
      in: place.inPage ? 'page' : 'node',
      ...(notInNode !== undefined && { notInNode }),
      engine,
      takes,
      capabilities,
    });
    const { simd, threads, floatBits, accumulatorBits, deterministic, replaces, notes } = capabilities;
    const { modelOps, others } = splitKernelNames(replaces);
    output.print(
      [
        `${heading}${isDefault ? paint.green(' (default)') : ''}`,
        `  engine ${engine} · ${takes.ops.length > 0 ? `fused ${takes.ops.join(', ')}` : 'nothing fused'}`,
        ...(takes.ops.length > 0 ? [`  takes ${describeTakes(takes)}`] : []),
        `  float${floatBits}, accumulated in ${accumulatorBits} bits · SIMD ${simd} · ${threads} thread${threads === 1 ? '' : 's'}` +
          ` · ${deterministic ? 'same bits every time' : 'not deterministic'}`,
        ...(modelOps.length > 0 ? [`  computes what is around attention: ${modelOps.join(', ')}`] : []),
        ...(others.length > 0 ? [`  replaces the engine's ${others.join(', ')}`] : []),
        ...notes.map((note) => `  ${note}`),
        ...(notInNode === undefined ? [] : [`  not in Node: ${notInNode}`]),
      ].join('\n'),
    );
  }
  output.event({ event: 'done', default: able.find((name) => all.here.includes(name)) ?? null });
  return able.length === 0 ? EXIT.backendUnavailable : EXIT.ok;
}

/** What has to be there for a backend besides Heed. */
function describe(place: Place): string {
  if (place.inPage) return ', in an installed Chrome or Chromium';
  return place.by === undefined ? '' : `, in Node by the npm package ${place.by}`;
}

/** A browser that is missing is a reason like any other, and so is one whose GPU process ends: the other backends are told all the same. */
async function abilityInPage(host: Host, name: string, { browser, debug = false }: BackendsFlags): Promise<Ability> {
  try {
    return await runInPage<Ability>(host, 'ability', [name], { backend: name, browser, debug });
  } catch (error) {
    const { code, message, hint } = describeError(error);
    if (code !== 'BACKEND_UNAVAILABLE' && code !== 'CONTEXT_LOST') throw error;
    return { reasons: [message], ...(hint !== undefined && { hint }) };
  }
}
