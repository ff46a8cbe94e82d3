/** A text with parts that stand out, and names, which are shown isolated. */
export type Part = string | { strong: string } | { name: string };

const strong = (text: string): Part => ({ strong: text });
const name = (text: string): Part => ({ name: text });

/** The figures of a sentence, in their units, ready to be shown; null where they are not known. */
export interface Said {
  /** The workflow, or what several have in common. */
  subject: string;
  step: string;
  connector: string;
  model: string | null;
  error: string;
  version: string | null;
  before: string | null;
  after: string | null;
  /** How many times as much: `6.1 ×`. */
  times: string | null;
  /** How many workflows, in words; null if it is one. */
  workflows: string | null;
  ongoing: boolean;
}

const since = ({ version }: Said): Part[] =>
  version === null ? [] : [' since version ', name(version)];
const instead = (of: string, { after, before }: Said): Part[] =>
  after === null || before === null
    ? []
    : [': ', strong(after), ` of its ${of} instead of `, strong(before)];
const inWorkflows = ({ workflows }: Said): Part[] =>
  workflows === null ? [] : [' in ', strong(workflows)];

/** The texts of what changed. */
export const changes = {
  title: 'What changed',
  comparedWith: (period: string) => `compared with ${period}`,
  smaller: (count: string) => `${count} not shown: less effect.`,
  none: (period: string | null) =>
    period === null
      ? 'Nothing changed beyond chance.'
      : `Nothing changed beyond chance, compared with ${period}.`,
  noneTested: 'Not enough data to tell what changed:',
  fewRuns: 'no workflow, step or connector has enough runs both before and in this range.',
  marked: 'Change',
  removeMark: 'Remove the mark',
  confidence: { certain: 'certain', likely: 'likely', possible: 'possible' },
  /** How sure the page is, in full. */
  evidence: (before: string, after: string, chance: string | null) =>
    `Based on ${before} before and ${after} since.${chance === null ? '' : ` The probability that this is chance is ${chance}.`}`,
  belowThousandth: 'below 0.1 %',
  bounds: (lower: string, upper: string) => `95 %: ${lower} to ${upper}`,
  since: (time: string) => `since ${time}`,
  effect: {
    failedRuns: (count: string) => `${count} failed runs`,
    oneFailedRun: '1 failed run',
    missingRuns: (count: string) => `${count} runs missing`,
    perRun: (time: string) => `${time} per run`,
    costPerDay: (money: string) => `${money} a day`,
    cost: (money: string) => `${money} in total`,
    time: (time: string) => `${time} in total`,
    runs: (count: string) => `${count} runs`,
  },
  /** One sentence per kind of change. */
  sentence: {
    step_slower: (said: Said): Part[] => [
      strong(said.step),
      ' of ',
      name(said.subject),
      said.times === null ? ' became slower' : ' takes ',
      ...(said.times === null ? [] : [strong(said.times), ' as long']),
      ...since(said),
    ],
    workflow_slower: (said: Said): Part[] => [
      name(said.subject),
      said.times === null ? ' became slower' : ' takes ',
      ...(said.times === null ? [] : [strong(said.times), ' as long']),
      ...since(said),
    ],
    failures_rising: (said: Said): Part[] => [
      name(said.subject),
      ' fails more often',
      ...since(said),
      ...instead('runs', said),
    ],
    connector_down: (said: Said): Part[] => [
      strong(said.connector),
      said.ongoing ? ' is down' : ' was down',
      ...(said.workflows === null ? [' in ', name(said.subject)] : inWorkflows(said)),
      ...instead('steps failed', said),
    ],
    cost_spike: (said: Said): Part[] => [
      name(said.subject),
      said.times === null
        ? said.ongoing
          ? ' costs more'
          : ' cost more'
        : said.ongoing
          ? ' costs '
          : ' cost ',
      ...(said.times === null ? [] : [strong(said.times), ' as much']),
      ...(said.model === null ? [] : [' on ', strong(said.model)]),
      ...since(said),
    ],
    error_new: (said: Said): Part[] => [
      'New error: ',
      name(said.error),
      ...(said.workflows === null ? [' in ', name(said.subject)] : inWorkflows(said)),
    ],
    error_escalating: (said: Said): Part[] => [
      name(said.error),
      ' occurs ',
      ...(said.times === null ? ['more often'] : [strong(said.times), ' as often']),
      ...(said.workflows === null ? [' in ', name(said.subject)] : inWorkflows(said)),
    ],
    workflow_silent: (said: Said): Part[] => [
      name(said.subject),
      said.ongoing ? ' fell silent' : ' was silent',
      ...(said.before === null ? [] : [': it usually has ', strong(said.before), ' runs a day']),
    ],
  },
  /** What a mark on the charts says. */
  mark: {
    step_slower: (said: Said) => `${said.step} slower`,
    workflow_slower: (said: Said) => `${said.subject} slower`,
    failures_rising: (said: Said) => `${said.subject} fails more`,
    connector_down: (said: Said) => `${said.connector} down`,
    cost_spike: (said: Said) =>
      said.model === null ? `${said.subject} costs more` : `${said.subject} on ${said.model}`,
    error_new: () => 'New error',
    error_escalating: () => 'Error more frequent',
    workflow_silent: (said: Said) => `${said.subject} silent`,
  },
};
