// `pnpm bench:webgpu-device [--out FILE] [--software]`: what @heed/backend-webgpu computes and how fast, in Node on Dawn, on a machine with a
// graphics card and its driver. Correctness first, then GFLOP/s; less than five minutes. Exit 4 when there is no graphics card, 3 when a case fails.
import '@tensorflow/tfjs'; // gradients of TensorFlow.js's own ops
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { webgpu } from '@heed/backend-webgpu';
import { selectBackend } from '@heed/core';
import { reselect } from './reselect.js';
import { correctness } from './webgpu-device/correctness.js';
import { deviceInUse } from './webgpu-device/device.js';
import { times } from './webgpu-device/times.js';

const EXIT = { failed: 3, unavailable: 4 };
/** Milliseconds from the start in which cases, and problems, are begun. */
const UNTIL = { correctness: 110_000, times: 240_000 };

const { values: flags } = parseArgs({ options: { out: { type: 'string' }, software: { type: 'boolean' } } });
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const started = performance.now();
  const factory = webgpu({ software: flags.software === true });
  const reasons = await factory.unavailableReasons();
  if (reasons.length > 0) return noGpu(reasons.join('; '));
  const heed = reselect(await factory.create());
  await selectBackend(heed);
  const device = deviceInUse();
  if (device.isSoftware && flags.software !== true) return noGpu(`${device.description} computes on the processor`);
  tell(`${device.vendor} ${device.architecture} ${device.device} ${device.description}`);

  const groups = await correctness(heed, started + UNTIL.correctness, ({ group, passed, failed }) =>
    tell(`${group}: ${passed} passed, ${failed} failed`),
  );
  const { limits } = device;
  const measured = await times(
    heed,
    {
      largest: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
      until: started + UNTIL.times,
      // On a processor the long ones would take hours.
      ...(device.isSoftware && { lengths: [64, 128] }),
    },
    ({ pass, length, width, system, ms, gflops, left }) =>
      tell(`${pass}, T ${length}, D ${width}, ${system}: ${left ?? `${ms} ms, ${gflops} GFLOP/s`}`),
  );

  const report = JSON.stringify(
    { date: new Date().toISOString(), node: process.version, device, correctness: groups, times: measured },
    null,
    2,
  );
  if (flags.out === undefined) process.stdout.write(`${report}\n`);
  else await writeFile(flags.out, `${report}\n`);
  return groups.some(({ failed }) => failed > 0) ? EXIT.failed : 0;
}

function noGpu(why: string): number {
  tell(`there is no graphics card that WebGPU can use here: ${why}`);
  tell('(--software computes on the processor, to see that all of this runs)');
  return EXIT.unavailable;
}
