/** The words of time charts: what they mark, and what their controls say. */
export const chart = {
  /** Several marks that are too close together to be told apart. */
  marks: (count: number) => `${count} marks`,
  ongoing: 'ongoing',
};
