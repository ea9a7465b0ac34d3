import { existsSync } from 'node:fs';

const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
};

/** Chromium's engine without a window and what belongs to one, in which tests take two thirds of the processor's time. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Path of an installed Chromium or Chrome; HEED_CHROMIUM has priority. */
export const findChromium = (): string | undefined => firstOf(PLACES[process.platform] ?? []);

/** Path of the browser that tests would run in: a headless shell, or else what `findChromium` finds; HEED_CHROMIUM has priority. */
export const findChromiumForTests = (): string | undefined =>
  firstOf([HEADLESS_SHELL, ...(PLACES[process.platform] ?? [])]);

function firstOf(places: readonly string[]): string | undefined {
  const named = process.env['HEED_CHROMIUM'];
  return (named === undefined ? places : [named]).find((place) => existsSync(place));
}

const HOW = 'install Chromium or Chrome (Debian: apt-get install chromium), or set HEED_CHROMIUM to where it is';

export const NO_BROWSER = `there is no browser: ${HOW}`;

/** Message when tests were left out because no browser is installed. */
export const NOT_TESTED = `Tests in a browser did NOT run: there is no browser. To run them, ${HOW}.`;

/**
 * Path of the browser to test in; undefined when there is none.
 *
 * @param find  how it is found: by `findChromium` where the test is of what users have
 * @throws Error when there is none and the project is being checked (CI=true)
 */
export function chromiumToTestIn(find: () => string | undefined = findChromiumForTests): string | undefined {
  const found = find();
  if (found === undefined && process.env['CI'] === 'true') throw new Error(NO_BROWSER);
  return found;
}

/**
 * Flags of Chromium. The sandbox is off, since it doesn't run as root, as in containers. WebGL comes from SwiftShader, which is the
 * same on every machine and needs no graphics card. The other flags keep the browser from making requests by itself.
 */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Flags of Chromium that has no graphics, as on a machine that forbids them. A page that draws nothing by itself takes three
 * tenths less of the processor's time than with graphics in software, which then compose what it shows.
 */
export const FLAGS_WITHOUT_GRAPHICS: readonly string[] = [
  ...CHROMIUM_FLAGS.filter((flag) => !/angle|swiftshader/.test(flag)),
  '--disable-gpu',
  '--disable-software-rasterizer',
];

/**
 * Flags with which a page computes by WebGPU without a graphics card. A workgroup's memory isn't cleared, for which the software driver
 * compiles an instruction for each number.
 */
export const WEBGPU_FLAGS: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--enable-dawn-features=allow_unsafe_apis,disable_workgroup_init',
];
