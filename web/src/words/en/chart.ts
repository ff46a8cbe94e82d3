/** The words of time charts: what they mark, and what their controls say. */
export const chart = {
  /** Several marks that are too close together to be told apart. */
  marks: (count: number) => `${count} marks`,
  /** A moment that a link names, without a label of its own. */
  mark: 'Marked',
  /** The release of a version; versions are numbers or texts such as `v2-beta`. */
  version: (version: string) => (/^\d/.test(version) ? `Version ${version}` : version),
};
