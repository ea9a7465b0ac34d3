type Named = { readonly name: string };

/** Definitions by their names, in their order. */
export function byName<const All extends readonly Named[]>(
  ...definitions: All
): { readonly [Name in All[number]['name']]: Extract<All[number], { readonly name: Name }> } {
  return Object.fromEntries(definitions.map((one) => [one.name, one])) as never;
}
