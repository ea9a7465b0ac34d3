/** Start of every script: the checks after each step, with stored numbers instead of the oracle. */
export const HELPERS = `
const probe = await heed.selectBackend(subject); // loads the engine
await probe.dispose();
// NaN in the memory that an engine with a heap of its own hands out next.
tf.dispose(Array.from({ length: 17 }, (_, n) => tf.tensor1d(new Float32Array(2 ** n).fill(NaN))));
const composed = heed.composed({ engine: probe.engine });
const kernelsFor = (backend) =>
  backend === undefined
    ? []
    : heed.declarationOf(backend).ops.flatMap((op) => [heed.OPS[op].kernelName, heed.OPS[op].kernelName + 'Grad']);

const backends = {};
const held = new Map();
let active;
let made = [];

const kernels = () => new Map(tf.getKernelsForBackend(probe.engine).map((k) => [k.kernelName, k.kernelFunc]));
const memory = () => ({
  numTensors: tf.memory().numTensors,
  numDataBuffers: tf.memory().numDataBuffers,
  numDataIds: tf.engine().backend.numDataIds(),
});
const own = kernels();
const before = memory();

function assert(holds, message) {
  if (!holds) throw new Error(message);
}
function make(shape, values, dtype = 'float32') {
  const tensor = tf.tensor(dtype === 'bool' ? Uint8Array.from(values) : Float32Array.from(values), shape, dtype);
  made.push(tensor);
  return tensor;
}
function zeros(shape, dtype = 'float32') {
  const tensor = tf.zeros(shape, dtype);
  made.push(tensor);
  return tensor;
}
function gone(tensor) {
  tensor.dispose();
  return tensor;
}
function release(...more) {
  tf.dispose([made, more]);
  made = [];
}
function keep(name, tensor) {
  held.set(name, { tensor, values: tensor.dataSync().slice() });
}
function close(name, tensor, expected, bound) {
  const got = tensor.dataSync();
  assert(got.length === expected.length, name + ' has ' + got.length + ' numbers, expected ' + expected.length);
  expected.forEach((x, n) => {
    const ok = Object.is(x, got[n]) || x === got[n] || Math.abs(x - got[n]) <= bound;
    assert(ok, name + ' number ' + n + ' is ' + got[n] + ', expected ' + x + ' within ' + bound);
  });
}
function same(first, second) {
  for (const name in second) {
    const values = first[name].dataSync().slice();
    const others = second[name].dataSync();
    assert(values.every((x, n) => Object.is(x, others[n])), name + ' differs between runs');
  }
  tf.dispose(second);
}
function refuses(code, call) {
  let thrown;
  try {
    tf.dispose(call());
  } catch (error) {
    thrown = error;
  }
  assert(heed.HeedError.isInstance(thrown, code), 'expected HeedError ' + code + ', got ' + thrown);
}
function gradients(inputs, run, cotangents, between) {
  const names = Object.keys(inputs);
  const found = tf.tidy(() =>
    tf.grads(() => {
      const outputs = run();
      between?.();
      const asked = Object.keys(cotangents);
      const pair = tf.customGrad((...tensors) => ({
        value: tf.scalar(0),
        gradFunc: (dy) => asked.map((name, n) => tf.mul(tf.tensor(Float32Array.from(cotangents[name]), tensors[n].shape), dy)),
      }));
      return pair(...asked.map((name) => outputs[name]));
    })(Object.values(inputs)),
  );
  return Object.fromEntries(names.map((name, n) => ['d' + name[0].toUpperCase() + name.slice(1), found[n]]));
}
function after(step) {
  const now = memory();
  for (const what in now) {
    const more = now[what] - before[what] - held.size;
    assert(more === 0, 'after step ' + step + ': ' + what + ' is ' + more + ' more than the program holds');
  }
  for (const [name, { tensor, values }] of held) {
    const found = tensor.dataSync();
    assert(values.every((x, n) => Object.is(x, found[n])), 'after step ' + step + ': ' + name + ' was overwritten');
  }
  const registered = kernels();
  const expected = new Map([...own, ...(active?.engineKernels ?? []).map((k) => [k.kernelName, k.kernelFunc])]);
  const added = kernelsFor(active);
  for (const name of [...expected.keys(), ...added]) {
    assert(registered.has(name), 'after step ' + step + ': kernel ' + name + ' is gone');
  }
  for (const [name, func] of registered) {
    const right = expected.get(name) === func || added.includes(name);
    assert(right, 'after step ' + step + ': kernel ' + name + ' is not the right one');
  }
  const name = heed.activeBackend()?.name;
  assert(name === active?.name, 'after step ' + step + ': the active backend is ' + name + ', expected ' + active?.name);
}
`;
