/** The words around what the operator tells everyone. */
export const announcement = {
  info: 'Announcement',
  warning: 'Warning',
  until: (time: string) => `Until ${time}.`,
  dismiss: 'Dismiss this announcement',
};
