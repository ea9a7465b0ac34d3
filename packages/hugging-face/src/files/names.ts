/** last_hidden_state → lastHiddenState: a name of transformers as it is here. */
export const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
