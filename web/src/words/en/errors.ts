/** The words of the pages about errors. */
export const errors = {
  overTime: {
    title: 'Errors',
    label: 'Errors of this group over time',
    empty: 'None in this range.',
  },
};
