/** Entry of a table by an untrusted key; undefined for keys such as 'toString' that every object has. */
export const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
