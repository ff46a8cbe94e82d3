/** The parameters of the tabs of a workflow in the URL, each undefined: what another tab is opened with. */
export const TAB_PARAMETERS = {} as const;
