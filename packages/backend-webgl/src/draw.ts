import type { WebglEngine } from './engine.js';
import { maskedScore } from './glsl.js';
import type { Grid } from './grid.js';

/**
 * One pass: a fragment shader over the texels of a grid, with other grids to read. Sizes are uniforms, so that a compiled
 * program belongs to the code alone, and sequences that grow don't compile again.
 *
 * A pass writes up to four textures at once, which the engine's own programs can't: products are bound by what they read,
 * and a fragment that computes 4×4 numbers reads half as much for each as one that computes 2×2.
 */
export interface Pass {
  /** By name, a capital letter or word; see `reading` for what the code has of each. */
  readonly inputs: Readonly<Record<string, Grid>>;
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly output: Grid;
  /** Only these texels of the output may be written, and perhaps their neighbours. */
  readonly spots?: { readonly from: number; readonly to: number };
  /** Only so many texels are written: the k-th of them is `int place(int k)` of this code, counted as in the grid, or −1 for none. */
  readonly places?: { readonly count: number; readonly code: string };
  /** Only these two of a texel's numbers are written: those of its first row, or of its second. */
  readonly lanes?: 'first' | 'second';
  /** Functions, then `void compute(int n, int r, int c)`, which sets out0, out1, … of the texel there. */
  readonly code: string;
}

export interface Draw {
  (pass: Pass): void;
  dispose(): void;
}

/** Hooks have programs of their own, and a page may make ever new ones. */
const MOST_PROGRAMS = 512;

export function createDraw({ gl, floatBits }: WebglEngine): Draw {
  const programs = new Map<string, Program>();
  const vertices = gl.createVertexArray();
  const framebuffers = new Map<number, WebGLFramebuffer>();

  const draw = (pass: Pass): void => {
    const source = fragmentShader(pass, `const float MASKED = ${maskedScore(floatBits)};`);
    const program = programOf(vertexShader(pass), source);
    gl.useProgram(program.program);
    gl.bindVertexArray(vertices);
    aim(pass);
    setInputs(gl, program, pass);
    if (pass.lanes !== undefined) {
      const isFirst = pass.lanes === 'first';
      gl.colorMask(isFirst, isFirst, !isFirst, !isFirst);
    }
    if (pass.places === undefined) gl.drawArrays(gl.TRIANGLES, 0, 3);
    else gl.drawArrays(gl.POINTS, 0, pass.places.count);
    gl.colorMask(true, true, true, true);
    gl.bindVertexArray(null);
  };

  /** Compiled, or known; the one that was used longest ago makes room. */
  const programOf = (vertex: string, fragment: string): Program => {
    const source = vertex + fragment;
    let program = programs.get(source);
    if (program === undefined) {
      if (programs.size >= MOST_PROGRAMS) {
        const [[oldest, { program: last }]] = programs;
        gl.deleteProgram(last);
        programs.delete(oldest);
      }
      program = compile(gl, vertex, fragment);
    } else {
      programs.delete(source);
    }
    programs.set(source, program);
    return program;
  };

  const aim = ({ output: { sheets, width, height, offset }, spots }: Pass): void => {
    let framebuffer = framebuffers.get(sheets.length);
    const isNew = framebuffer === undefined;
    if (framebuffer === undefined) framebuffers.set(sheets.length, (framebuffer = gl.createFramebuffer()));
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    const attachments = sheets.map((_, k) => gl.COLOR_ATTACHMENT0 + k);
    attachments.forEach((attachment, k) =>
      gl.framebufferTexture2D(gl.FRAMEBUFFER, attachment, gl.TEXTURE_2D, sheets[k], 0),
    );
    if (isNew) gl.drawBuffers(attachments);
    gl.viewport(0, 0, width, height);
    const from = spots === undefined ? 0 : Math.floor((spots.from + offset) / width);
    const to = spots === undefined ? height : Math.ceil((spots.to + offset) / width);
    gl.scissor(0, from, width, to - from);
  };

  draw.dispose = (): void => {
    for (const { program } of programs.values()) gl.deleteProgram(program);
    for (const framebuffer of framebuffers.values()) gl.deleteFramebuffer(framebuffer);
    gl.deleteVertexArray(vertices);
    programs.clear();
    framebuffers.clear();
  };
  return draw;
}

interface Program {
  readonly program: WebGLProgram;
  readonly locate: (uniform: string) => WebGLUniformLocation | null;
}

/** Columns and rows of the texture that lie between so many texels. */
const leap = (texels: number, { width }: Grid): [number, number] => [texels % width, Math.floor(texels / width)];

function setInputs(gl: WebGL2RenderingContext, { locate }: Program, pass: Pass): void {
  const { inputs, integers = {}, floats = {}, output } = pass;
  let unit = 0;
  for (const [name, grid] of Object.entries(inputs)) {
    grid.sheets.forEach((texture, k) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(locate(`${name}${k}`), unit++);
    });
    gl.uniform4i(locate(`size${name}`), grid.rows, grid.columns, grid.width, grid.offset);
    gl.uniform2i(locate(`step${name}`), ...leap(grid.columns, grid));
    gl.uniform2i(locate(`leap${name}`), ...leap(grid.rows * grid.columns, grid));
  }
  for (const [name, value] of Object.entries(integers)) gl.uniform1i(locate(name), value);
  for (const [name, value] of Object.entries(floats)) gl.uniform1f(locate(name), value);
  gl.uniform4i(locate('sizeOut'), output.rows, output.columns, output.width, output.n);
  if (pass.places !== undefined) gl.uniform1i(locate('heightOut'), output.height);
}

function fragmentShader({ inputs, integers = {}, floats = {}, output, code }: Pass, constants: string): string {
  return [
    '#version 300 es',
    'precision highp float; precision highp int; precision highp sampler2D;',
    constants,
    'uniform ivec4 sizeOut;',
    ...output.sheets.map((_, k) => `layout(location = ${k}) out vec4 out${k};`),
    ...Object.entries(inputs).map(([name, grid]) => reading(name, grid, code)),
    ...Object.keys(integers).map((name) => `uniform int ${name};`),
    ...Object.keys(floats).map((name) => `uniform float ${name};`),
    code,
    MAIN,
  ].join('\n');
}

const MAIN = `
void main() {
  int spot = int(gl_FragCoord.y) * sizeOut.z + int(gl_FragCoord.x);
  int row = spot / sizeOut.y;
  int n = row / sizeOut.x;
  if (n >= sizeOut.w) discard; // the texture's last row may be longer than the grid
  compute(n, row - n * sizeOut.x, spot - row * sizeOut.y);
}`;

/**
 * Code that reads grid X: `ivec2 atX(n, r, c)`, where a texel is; `rightX(at)` and `downX(at)`, which move that by a column or
 * a row, `nextX(at)` and `priorX(at)`, which move it along n; `vec4 X(k, at)` by its sheets' names, `texelFetch(X0, at, 0)`; and
 * `mat4 tileX(at)` of four sheets.
 */
function reading(name: string, { sheets, width, columns, offset }: Grid, code: string): string {
  const names = sheets.map((_, k) => `${name}${k}`);
  // How the grid lies makes another program, so it is only told to code that walks.
  const straight = columns === width && offset === 0; // a row of the grid is one of the texture
  const whole = width % columns === 0 && offset === 0; // no row of the grid is broken
  const right = `void right${name}(inout ivec2 at) { ${whole ? 'at.x++;' : `if (++at.x == size${name}.z) at = ivec2(0, at.y + 1);`} }`;
  const down = `void down${name}(inout ivec2 at) {
  ${straight ? 'at.y++;' : `at += step${name}; if (at.x >= size${name}.z) at += ivec2(-size${name}.z, 1);`}
}`;
  const next = `void next${name}(inout ivec2 at) { at += leap${name}; if (at.x >= size${name}.z) at += ivec2(-size${name}.z, 1); }`;
  const prior = `void prior${name}(inout ivec2 at) { at -= leap${name}; if (at.x < 0) at += ivec2(size${name}.z, -1); }`;
  const walks = { right, down, next, prior };
  const tile =
    sheets.length === 4
      ? `mat4 tile${name}(ivec2 at) { return mat4(${names.map((sheet) => `texelFetch(${sheet}, at, 0)`).join(', ')}); }`
      : '';
  return `
uniform sampler2D ${names.join(', ')};
uniform ivec4 size${name};
uniform ivec2 step${name}, leap${name};
ivec2 spot${name}(int spot) { spot += size${name}.w; int y = spot / size${name}.z; return ivec2(spot - y * size${name}.z, y); }
ivec2 at${name}(int n, int r, int c) { return spot${name}((n * size${name}.x + r) * size${name}.y + c); }
${Object.entries(walks)
  .map(([way, walk]) => (code.includes(`${way}${name}(`) ? walk : ''))
  .join('\n')}
${tile}`;
}

/** A triangle that covers everything. */
const TRIANGLE = `#version 300 es
void main() { gl_Position = vec4(float((gl_VertexID << 1) & 2) * 2.0 - 1.0, float(gl_VertexID & 2) * 2.0 - 1.0, 0, 1); }`;

/** A triangle, or a point in the middle of each texel that is written. */
function vertexShader({ inputs, integers = {}, places }: Pass): string {
  if (places === undefined) return TRIANGLE;
  return [
    '#version 300 es',
    'precision highp float; precision highp int; precision highp sampler2D;',
    'uniform ivec4 sizeOut; uniform int heightOut;',
    ...Object.entries(inputs).map(([name, grid]) => reading(name, grid, places.code)),
    ...Object.keys(integers).map((name) => `uniform int ${name};`),
    places.code,
    `void main() {
  int spot = place(gl_VertexID);
  int y = spot / sizeOut.z;
  vec2 at = (vec2(spot - y * sizeOut.z, y) + 0.5) / vec2(sizeOut.z, heightOut);
  gl_Position = spot < 0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(2.0 * at - 1.0, 0.0, 1.0);
  gl_PointSize = 1.0;
}`,
  ].join('\n');
}

function compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  const shaders = [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ].map(([type, source]) => {
    const shader = gl.createShader(type as number)!;
    gl.shaderSource(shader, source as string);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    return shader;
  });
  gl.linkProgram(program);
  const failed = !gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost();
  const log = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)]
    .join('\n')
    .trim();
  for (const shader of shaders) gl.deleteShader(shader);
  if (failed) {
    gl.deleteProgram(program);
    throw new Error(`a shader was refused by this device's driver: ${log}`);
  }
  const locations = new Map<string, WebGLUniformLocation | null>();
  return {
    program,
    locate: (name) => {
      if (!locations.has(name)) locations.set(name, gl.getUniformLocation(program, name));
      return locations.get(name)!;
    },
  };
}
