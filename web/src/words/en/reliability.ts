import { exact, figure } from '@/lib/format';

const DAY_MS = 86_400_000;

/** The texts of the page about reliability. */
export const reliability = {
  title: 'Reliability',
  windowNote: 'The whole project, over the window of its service level.',
  noneMissed: (workflows: string) => ` None of the ${workflows} below certainly misses its target`,
  someMissed: (count: string, workflows: string) =>
    ` ${count} of the ${workflows} below miss their target`,
  tooFew: (count: string) => `; ${count} have too few runs to judge.`,
  end: '.',
  firing: (alerts: string) => ` ${alerts} of the project fire: see the burn rates below.`,
  oneFiring: ' A burn-rate alert of the project fires: see the burn rates below.',
  tiles: {
    documents: 'Documents created',
    created: (success: string, all: string) => `${success} of ${all}`,
    today: 'Runs today',
    failed: (count: string) => `${count} failed`,
  },
  objectives: {
    title: 'Objectives',
    note: 'the one that runs out of error budget first on top',
    cut: (shown: number, all: number) =>
      `the first ${exact(shown)} of ${exact(all)} to run out of error budget`,
    showAll: (count: number) => `Show all ${exact(count)}`,
    showFew: (count: number) => `Show the first ${exact(count)}`,
    project: 'Whole project',
    objective: 'Objective',
    target: (target: string, level: string) => `${target}, ${level}`,
    verdict: 'Verdict',
    tooSlow: 'too slow',
    success: 'Success',
    left: 'Budget left',
    runsOut: 'Runs out',
    inTime: 'Fast enough',
    latency: (limit: string, bounds: string) =>
      bounds ? `Within ${limit}; ${bounds}` : `Within ${limit}`,
    pace: (rate: string, window: string, runs: string) =>
      `Spends its budget at ${rate} the pace that would last for the window (last ${window}, ${runs}).`,
    fewForPace: (runs: string, window: string) =>
      `${runs} in the last ${window} are too few to tell a pace.`,
    noPace: 'No failures to tell a pace from.',
  },
  runsOut: {
    no: 'not at this pace',
    few: 'too few runs',
    spent: (times: string) => `spent ${times}`,
    in: (days: number) => `in ${figure(days * DAY_MS, 'milliseconds')}`,
  },
  documents: {
    title: 'Documents by kind',
    overTime: 'Documents',
    nothing:
      'No documents were reported in this window. Events of the type document fill this card.',
    kind: 'Kind',
    rate: 'Created',
    documents: 'Documents',
    success: 'Created',
    failed: 'Failed',
    p50: 'Typical',
    p95: 'Slow (p95)',
  },
  queues: {
    title: 'Queues',
    note: 'depths are at the end of the window',
    overTime: 'Added and removed',
    waiting: 'Waiting time',
    nothing: 'No queue was reported in this window. Events of the type queue fill this card.',
    queue: 'Queue',
    added: 'Added',
    removed: 'Removed',
    depth: 'Depth',
    atEnd: 'right axis',
    maxDepth: 'Deepest',
    waits: {
      waitP50Ms: 'Wait (p50)',
      waitP95Ms: 'Wait (p95)',
      waitP99Ms: 'Wait (p99)',
    },
  },
};
