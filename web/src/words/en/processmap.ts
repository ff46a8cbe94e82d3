import { counted, exact, fixed, percent } from '@/lib/format';
import { noun } from './nouns';

/** The texts of the process map, the variants and the conformance rules. */
export const processmap = {
  title: 'Process map',
  what: 'The process map',
  start: 'Start',
  end: 'Completed',
  failed: 'Failed',
  dropped: 'Canceled',
  none: 'No execution of this workflow has steps in this range.',
  someOmitted: (nodes: number, edges: number) =>
    `Left out: ${counted(nodes, noun('rarest step', 'rarest steps'))} and ${counted(edges, noun('rarest arrow', 'rarest arrows'))}.`,
  shown: (edges: number, all: number, coverage: number) =>
    `${exact(edges)} of ${counted(all, noun('arrow'))}, ${percent(coverage * 100)} of all moves`,
  sentence: {
    paths: (executions: number, variants: number, steps: number) =>
      `${counted(executions, noun('execution'))} took ${counted(variants, noun('path'))} through ${counted(steps, noun('step'))}.`,
    common: (count: number, share: string) =>
      count === 1
        ? ` The most frequent covers ${share}.`
        : ` The ${count} most frequent cover ${share}.`,
    wait: (from: string, to: string, wait: string) =>
      ` Most waiting: from ${from} to ${to}, median ${wait}.`,
    rework: (share: string, step: string) => ` ${share} of runs are rework, most in ${step}.`,
  },
  overlay: {
    label: 'Colour steps by',
    frequency: 'Frequency',
    time: 'Time',
    cost: 'Cost',
    failures: 'Failures',
  },
  detail: {
    label: 'Detail',
    least: 'Main path',
    most: 'Everything',
    value: (detail: number) =>
      detail === 0 ? 'main path' : detail === 100 ? 'everything' : `${detail} of 100`,
  },
  zoom: {
    in: 'Zoom in',
    out: 'Zoom out',
    fit: 'Fit to the screen',
    hint: 'Drag to move; Ctrl + scroll to zoom',
    large: 'Fill the window',
    small: 'Exit the full window',
  },
  animate: 'Animate',
  drawing: 'Steps of the process. The arrow keys move between them, Enter opens one.',
  legend: {
    thick: 'Thicker: more frequent',
    wait: 'Median waiting',
    noWait: 'little',
    back: 'Dashed: back to an earlier step',
    tint: (overlay: string) => `Steps by ${overlay.toLowerCase()}`,
    moreA: 'More in A',
    moreB: 'More in B',
  },
  node: {
    label: (name: string, runs: number, median: string) =>
      `${name}: ${counted(runs, noun('run'))}, median ${median}`,
    runs: (runs: string) => `${runs} runs`,
    failedRate: (rate: string) => `${rate} failed`,
    total: (time: string) => `${time} in total`,
  },
  details: {
    step: 'Step',
    arrow: 'Arrow',
    end: 'End',
    close: 'Close',
    closeHint: 'Close (Esc)',
    show: (count: number) => `Show the ${counted(count, noun('execution'))}`,
    executions: 'Executions',
    share: 'Share of all executions',
    shareOf: (share: string) => `${share} of all`,
    runs: 'Runs',
    attempts: 'Runs with retries',
    times: 'Times',
    median: 'Median time',
    p95: 'p95 time',
    sum: 'Total time',
    working: 'Of it, working',
    waiting: 'Of it, waiting',
    failedRuns: 'Failed runs',
    cost: 'Cost',
    waitMedian: 'Median waiting',
    waitP95: 'p95 waiting',
    waitSum: 'Total waiting',
    rework: 'Rework',
    reworkNone: 'No execution came back to this step. Retries are not rework.',
    reworkText: (executions: number, runs: number) =>
      `${counted(executions, noun('execution'))} repeated this step: ${counted(runs, noun('extra run'))} in all.`,
    reworkPrice: (time: string, cost: string | null) =>
      cost === null ? `They took ${time}.` : `They took ${time} and cost ${cost}.`,
    before: 'Comes after',
    after: 'Leads to',
    lost: (count: number, how: string) =>
      `${counted(count, noun('execution'))} ended here as ${how}.`,
    gone: 'This step or arrow does not occur in this range.',
  },
  list: {
    label: 'Arrows of the process map',
    from: 'From',
    to: 'To',
    executions: 'Executions',
    share: 'Share',
    times: 'Times',
    waitMedian: 'Median waiting',
    waitP95: 'p95 waiting',
    course: { back: 'back', self: 'repeats' },
  },
  variants: {
    title: 'Variants',
    what: 'The variants',
    note: (shown: number, all: number) =>
      shown < all
        ? `${exact(shown)} of ${counted(all, noun('path'))}, most frequent first`
        : `${counted(all, noun('path'))}, most frequent first`,
    none: 'No execution has ended in this range.',
    path: (rank: number) => `Variant ${rank}`,
    select: (rank: number) => `Select variant ${rank}`,
    expand: 'Show every step',
    collapse: 'Show fewer steps',
    more: (count: number) => `+${count}`,
    repeats: (count: number) => `×${count}`,
    share: 'Share',
    executions: 'Executions',
    success: 'Success',
    median: 'Median',
    cost: 'Cost',
    other: (variants: number, executions: number, share: string) =>
      `${counted(variants, noun('other path'))}: ${counted(executions, noun('execution'))}, ${share}.`,
    open: (count: number) => `${counted(count, noun('execution'))} not ended yet.`,
    truncated: 'Only the first 500 steps are compared.',
    noSteps: 'No steps',
    showMore: (count: number) => `Show ${exact(count)} more`,
    compareSelected: (count: number) =>
      count < 2 ? 'Select two to compare' : 'Compare the two selected',
    clear: 'Clear selection',
  },
  comparison: {
    title: 'Comparison',
    what: 'The comparison',
    a: 'A',
    b: 'B',
    by: 'Compare by',
    kinds: { version: 'Version', status: 'Outcome', period: 'Period', variant: 'Variant' },
    firstHalf: 'First half of the range',
    secondHalf: 'Second half of the range',
    previous: 'Previous period',
    current: 'This period',
    stop: 'Stop comparing',
    path: 'Path',
    usual: 'the most frequent path',
    marked: 'Where a path differs from the most frequent one is marked.',
    marks: { added: 'extra', missing: 'left out', repeats: 'other repeats' },
    difference: 'Difference',
    bounds: (lower: string, upper: string) => `95 %: ${lower} to ${upper}`,
    points: (value: string) => `${value} pp`,
    findings: {
      more: 'more in B',
      less: 'fewer in B',
      same: 'no significant difference',
      few: 'not enough data',
    },
    steps: 'Steps that differ most',
    edges: 'Arrows that differ most',
    time: 'Median',
    wait: 'Wait',
    timeOf: (time: string, group: string) => `${time} ${group}`,
    ratioOf: (time: string) => `${time} B : A`,
    times: (ratio: number) => `${fixed(ratio, ratio < 10 ? 1 : 0)}\u00a0×`,
    differ: (count: number) =>
      count === 0
        ? 'No path is taken by significantly different shares of A and B.'
        : `${counted(count, noun('path is', 'paths are'))} taken by significantly different shares of A and B.`,
    cut: (shown: number, all: number) =>
      `The ${exact(shown)} of ${exact(all)} paths that differ most are listed.`,
    sizes: (a: string, b: string) =>
      `Shares of ${a} executions in A and ${b} in B that have ended; the difference is B minus A.`,
    drawn:
      'On the map, blue means more in A and orange more in B; a stronger colour means a larger difference.',
  },
  rules: {
    title: 'Conformance',
    what: 'The conformance rules',
    intro: 'rules about the order of steps, and the executions that break them',
    none: 'No rules yet.',
    add: 'Add a rule',
    remove: (number: number) => `Remove rule ${number}`,
    try: 'Try',
    save: 'Save',
    outdated:
      'Someone has changed the rules since this page was loaded. Reload it to see their version.',
    reset: 'Discard changes',
    kind: 'Rule',
    step: 'Step',
    other: 'Other step',
    times: 'Times',
    timesWord: (count: number) => (count === 1 ? 'time' : 'times'),
    by: 'by',
    number: (number: number) => `Rule ${number}`,
    within: 'Within',
    unit: 'Unit',
    cannotSave: 'You can try rules. Saving them needs the permission to change settings.',
    incomplete: 'Choose the steps of every rule first.',
    holds: (applicable: number) =>
      applicable === 0
        ? 'Applies to no execution in this range.'
        : `Holds for all ${counted(applicable, noun('execution'))} that it applies to.`,
    atMost: (upper: string) => `At 95 % confidence, fewer than ${upper} break it.`,
    broken: (violations: number, applicable: number) =>
      `${counted(violations, noun('execution'))} of ${exact(applicable)} break it`,
    bounds: (lower: string, upper: string) => `95 %: ${lower} to ${upper}`,
    examples: 'Executions that break it',
    moreExamples: (rest: number) => `and ${exact(rest)} more`,
    pick: 'Choose a step',
    kinds: {
      never_before: 'never runs before',
      followed_by: 'is eventually followed by',
      followed_within: 'is followed within',
      preceded_by: 'runs only after',
      never_together: 'never runs together with',
      at_most: 'runs at most',
      exactly_once: 'runs exactly once',
      starts_with: 'The first step is',
      ends_with: 'The last step is',
      never: 'never runs',
    },
    units: { minutes: 'minutes', hours: 'hours', days: 'days' },
  },
};
