/** A text with parts that stand out, and names, which are shown isolated. */
export type Part = string | { strong: string } | { name: string };

const strong = (text: string): Part => ({ strong: text });
const name = (text: string): Part => ({ name: text });

/** The figures of a sentence, in their units, ready to be shown; null where they are not known. */
export interface Said {
  /** The workflow, or what several have in common; null if it is about none. */
  subject: string | null;
  step: string | null;
  connector: string | null;
  model: string | null;
  error: string;
  version: string | null;
  before: string;
  after: string;
  /** How many times as much: `6.1 ×`. */
  times: string | null;
  /** How many workflows, in words; null if it is one. */
  workflows: string | null;
  ongoing: boolean;
}

/** What changed: a step of a workflow, a connector, or a workflow. */
function what({ step, connector, subject }: Said): Part[] {
  if (step !== null) return [strong(step), ...(subject === null ? [] : [' of ', name(subject)])];
  if (connector !== null) return [strong(connector)];
  return [name(subject ?? '')];
}

const short = ({ step, connector, subject, model }: Said): string =>
  step ?? connector ?? model ?? subject ?? '';
const spender = ({ model, connector }: Pick<Said, 'model' | 'connector'>): string =>
  model ?? connector ?? '';
const longer = ({ times }: Said): Part[] =>
  times === null ? [' became slower'] : [' takes ', strong(times), ' as long'];
const on = ({ model, connector }: Said): Part[] =>
  model === null && connector === null ? [] : [' on ', strong(spender({ model, connector }))];
const since = ({ version }: Said): Part[] =>
  version === null ? [] : [' since version ', name(version)];
const instead = (of: string, { after, before }: Said): Part[] => [
  ': ',
  strong(after),
  ` of its ${of} instead of `,
  strong(before),
];
function inWorkflows({ workflows, subject }: Said): Part[] {
  if (workflows !== null) return [' in ', strong(workflows)];
  return subject === null ? [] : [' in ', name(subject)];
}

/** The texts of what changed. */
export const changes = {
  title: 'What changed',
  comparedWith: (period: string | null) =>
    period === null ? 'within this range' : `compared with ${period}`,
  smaller: (count: string) => `${count} not shown: less effect.`,
  none: (period: string | null) =>
    period === null
      ? 'Nothing changed significantly.'
      : `Nothing changed significantly, compared with ${period}.`,
  notEnough: (days: string, since: string, needed: string) =>
    `Not enough data to say what changed: there is data for ${days} since ${since}, and at least ${needed} are needed to know what is normal.`,
  marked: 'Change',
  removeMark: 'Remove the mark',
  confidence: { certain: 'certain', likely: 'likely', possible: 'possible' },
  /** The evidence for a change, in full. */
  evidence: (before: string, after: string, chance: string | null) =>
    `Based on ${before} before and ${after} since.${chance === null ? '' : ` Without a change, chance would show such a difference with a probability of ${chance}.`}`,
  belowThousandth: 'below 0.1 %',
  bounds: (lower: string, upper: string) => `95 %: ${lower} to ${upper}`,
  since: (time: string) => `since ${time}`,
  effect: {
    failedRuns: (count: string) => `${count} more failed executions than usual`,
    oneFailedRun: '1 more failed execution than usual',
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
      ...what(said),
      ...longer(said),
      ...(said.step === null ? inWorkflows(said) : []),
      ...since(said),
    ],
    workflow_slower: (said: Said): Part[] => [...what(said), ...longer(said), ...since(said)],
    failures_rising: (said: Said): Part[] => [
      ...what(said),
      ' fails more often',
      ...since(said),
      ...instead('runs', said),
    ],
    connector_down: (said: Said): Part[] => [
      ...what(said),
      said.ongoing ? ' is down' : ' was down',
      ...inWorkflows(said),
      ...instead('steps failed', said),
    ],
    cost_spike: (said: Said): Part[] => [
      ...(said.subject === null ? ['Spending'] : [name(said.subject), ': spending']),
      ...on(said),
      said.ongoing ? ' is ' : ' was ',
      ...(said.times === null
        ? [strong(`${said.after} a day`), ', usually nothing']
        : [strong(said.times), ' as high']),
      ...since(said),
    ],
    error_new: (said: Said): Part[] => ['New error: ', name(said.error), ...inWorkflows(said)],
    error_escalating: (said: Said): Part[] => [
      name(said.error),
      ' occurs ',
      ...(said.times === null ? ['more often'] : [strong(said.times), ' as often']),
      ...inWorkflows(said),
    ],
    workflow_silent: (said: Said): Part[] => [
      ...what(said),
      said.ongoing ? ' fell silent: usually ' : ' was silent: usually ',
      strong(said.before),
      ' runs a day',
    ],
  },
  /** What a mark on the charts says. */
  mark: {
    step_slower: (said: Said) => `${short(said)} slower`,
    workflow_slower: (said: Said) => `${short(said)} slower`,
    failures_rising: (said: Said) => `${short(said)} fails more`,
    connector_down: (said: Said) => `${short(said)} down`,
    cost_spike: (said: Said) =>
      said.subject !== null && said.model !== null
        ? `${said.subject} on ${said.model}`
        : `${said.subject ?? short(said)} costs more`,
    error_new: () => 'New error',
    error_escalating: () => 'Error more frequent',
    workflow_silent: (said: Said) => `${short(said)} silent`,
  },
};
