/**
 * What WGSL leaves to the driver. A compiler may assume that there is no NaN and no infinity, so kinds of numbers are told by their bits,
 * and made of bits that it doesn't know when it compiles.
 */
export const FLOATS = `
const EXPONENT = 0x7f800000u;
var<private> quietBits: u32 = 0x7fc00000u;
var<private> infiniteBits: u32 = 0x7f800000u;
fn notANumber() -> f32 { return bitcast<f32>(quietBits); }
fn infinity() -> f32 { return bitcast<f32>(infiniteBits); }
fn minusInfinity() -> f32 { return bitcast<f32>(infiniteBits | 0x80000000u); }
fn isNaN(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > EXPONENT; }
fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & EXPONENT) != EXPONENT; }
fn isInfinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == EXPONENT; }
fn isMinusInfinity(x: f32) -> bool { return bitcast<u32>(x) == 0xff800000u; }
fn isNegative(x: f32) -> bool { return (bitcast<u32>(x) & 0x80000000u) != 0u; }
fn finiteOrZero(x: f32) -> f32 { return select(0.0, x, isFinite(x)); }`;
