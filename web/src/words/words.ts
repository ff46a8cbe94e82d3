/** The shape of a catalogue of words in any language: the same keys and arguments, other texts. */
export type Words<English> = {
  readonly [Key in keyof English]: English[Key] extends string
    ? string
    : English[Key] extends (...args: infer Args) => infer Said
      ? (...args: Args) => Said
      : Words<English[Key]>;
};
