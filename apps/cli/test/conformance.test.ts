import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { events, heed, temporaryFolder } from './heed.js';

const ROPE = fileURLToPath(new URL('../../../vectors/rope', import.meta.url));
const ONNX = fileURLToPath(new URL('../../../vectors/onnx/node', import.meta.url));

describe('conformance', () => {
  test.each(['wasm', 'cpu', 'composed'])('%s: an event for each case of a group, then the totals', async (backend) => {
    const outcome = await heed(['conformance', '--backend', backend, '--group', 'masks', '--json']);
    const list = events(outcome);
    const cases = list.slice(0, -1);
    expect(cases.length).toBeGreaterThan(10);
    for (const one of cases) expect(one).toMatchObject({ event: 'case', group: 'masks', status: 'passed' });
    expect(list.at(-1)).toMatchObject({ event: 'done', passed: cases.length, failed: 0, backend });
    expect(outcome.stdout).toContain(`{"event":"done","passed":${cases.length},"failed":0,`);
    expect(outcome.code).toBe(0);
  });

  test('on as many threads as asked for', async () => {
    for (const threads of [1, 2]) {
      const list = events(await heed(['conformance', '--threads', `${threads}`, '--group', 'heads', '--json']));
      expect(list.at(-1)).toMatchObject({ failed: 0, backend: 'wasm', capabilities: { threads } });
    }
    const refused = await heed(['conformance', '--threads', '0']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('from 1 to 64') });
  });

  describe('where there is no WebAssembly', () => {
    const node = ['--jitless'];

    test('the best backend that can run is taken', async () => {
      const outcome = await heed(['conformance', '--group', 'scale', '--json'], { node });
      expect(events(outcome).at(-1)).toMatchObject({ event: 'done', failed: 0, backend: 'cpu' });
      expect(outcome.code).toBe(0);
    });

    test('one that is asked for is exit 4, with the reason', async () => {
      const { code, stderr } = await heed(['conformance', '--backend', 'wasm', '--group', 'scale'], { node });
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('no SIMD') });
    });
  });

  test('one case by its id, and a line for people', async () => {
    const [first] = events(await heed(['conformance', '--group', 'masks', '--json']));
    const { code, stdout } = await heed(['conformance', '--case', first!['id'] as string]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^wasm: 1 passed · /) });
  });

  test.each(['wasm', 'cpu', 'composed'])("%s: ONNX's cases from a folder", async (backend) => {
    const folders = await readdir(ONNX);
    const outcome = await heed(['conformance', '--backend', backend, '--onnx', ONNX, '--json']);
    expect(outcome.stdout).toContain(`{"event":"done","passed":${folders.length},"failed":0,`);
    expect(outcome.code).toBe(0);
  });

  test("other people's numbers from a folder; one case of it; what can't be mapped is exit 3 with its reason", async () => {
    expect(await heed(['conformance', '--backend', 'cpu', '--vectors', ROPE])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^cpu: 13 passed · /),
    });
    const one = await heed(['conformance', '--vectors', ROPE, '--case', 'llama3', '--json']);
    expect(events(one)[0]).toMatchObject({ event: 'case', id: 'llama3', group: 'vectors', status: 'passed' });
    const folder = await temporaryFolder();
    await cp(ROPE, folder, { recursive: true });
    const file = join(folder, 'cases.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"mechanism": "rotary"', '"mechanism": "turning"'));
    const { code, stdout } = await heed(['conformance', '--vectors', folder]);
    expect([code, stdout]).toEqual([
      3,
      expect.stringMatching(/turning: its cases can't be mapped[^]*1 failed, 12 passed/),
    ]);
  });

  test('a folder of numbers that is none, and flags that go with neither', async () => {
    const folder = await temporaryFolder();
    expect(await heed(['conformance', '--vectors', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cases.json'),
    });
    for (const more of [
      ['--onnx', ONNX],
      ['--group', 'masks'],
      ['--case', 'none'],
    ])
      expect((await heed(['conformance', '--vectors', ROPE, ...more])).code).toBe(2);
  });

  test('an altered ONNX output is exit 3 and names the case', async () => {
    const folder = await temporaryFolder();
    await cp(ONNX, folder, { recursive: true });
    const file = join(folder, 'test_attention_4d_gqa', 'test_data_set_0', 'output_0.pb');
    const bytes = await readFile(file);
    bytes[bytes.length - 6] ^= 0x7f;
    await writeFile(file, bytes);
    const { code, stdout } = await heed(['conformance', '--onnx', folder]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^failed test_attention_4d_gqa$/m);
    expect(stdout).toMatch(/^wasm: 1 failed, 45 passed/m);
  });

  test('the report as a page and as JSON; another extension is refused before any work', async () => {
    const folder = await temporaryFolder();
    const [page, data] = [join(folder, 'report.html'), join(folder, 'report.json')];
    for (const file of [page, data]) {
      expect((await heed(['conformance', '--group', 'heads', '--out', file])).code).toBe(0);
    }
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*heads[\s\S]*wasm/i);
    const report = JSON.parse(await readFile(data, 'utf8')) as { versions: object; cases: object[] };
    expect(report.versions).toMatchObject({ core: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(report.cases.length).toBeGreaterThan(10);
    const refused = await heed(['conformance', '--out', join(folder, 'report.pdf')]);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('.html or .json') });
  });

  test('a report that can’t be written costs no verdict', async () => {
    const { code, stdout, stderr } = await heed(['conformance', '--group', 'heads', '--out', '/nowhere/report.json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^wasm: \d+ passed/m) });
    expect(stderr).toMatch(/^error FILE_ACCESS: /m);
  });

  test('reports side by side; a file that is no report is refused', async () => {
    const folder = await temporaryFolder();
    const [first, page, broken] = ['a.json', 'b.html', 'c.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    expect((await heed(['conformance', '--backend', 'composed', '--group', 'heads', '--out', first])).code).toBe(0);
    expect((await heed(['conformance', '--group', 'heads', '--with', first, '--out', page])).code).toBe(0);
    expect(await readFile(page, 'utf8')).toMatch(/wasm[\s\S]*composed/);
    await writeFile(broken, (await readFile(first, 'utf8')).slice(0, 1000));
    expect(await heed(['conformance', '--with', broken, '--out', page])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/FILE_INVALID: .*c\.json/),
    });
    expect((await heed(['conformance', '--with', first])).code).toBe(2);
  });

  test('a folder that is missing or holds no cases', async () => {
    const folder = await temporaryFolder();
    expect(await heed(['conformance', '--onnx', join(folder, 'none')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('FILE_ACCESS'),
    });
    expect(await heed(['conformance', '--onnx', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds no cases'),
    });
  });

  test('a reader that goes away ends it quietly', async () => {
    const { code, stderr } = await heed(['conformance', '--group', 'masks', '--json'], {
      onOutput: (child) => child.stdout!.destroy(),
    });
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/error/i);
  });
});
