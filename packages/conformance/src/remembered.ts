/** What was made for an object, or is made now: the oracle is slow, and the same case is often run on several backends. */
export function remembered<Key extends object, Value>(): (key: Key, make: () => Value) => Value {
  const known = new WeakMap<Key, Value>();
  return (key, make) => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
}
