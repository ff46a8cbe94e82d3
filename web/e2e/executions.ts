import { expect, type Page } from '@playwright/test';
import { given } from './page';

const HOUR = 3_600_000;
const BEGAN = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;
/** The range that holds everything that these tests send. */
export const RANGE = 'range=7d';
const LONG = 'n'.repeat(200);
/** A name that is read from the right. */
export const RIGHT_TO_LEFT = 'استخراج الحقول';
const STEPS = 5_000;

const at = (ms: number): string => new Date(BEGAN + ms).toISOString();

/** An event, as the API takes it. */
export type Event = Record<string, unknown>;

interface Ran {
  id: string;
  workflow: string;
  name?: string;
  start: number;
  duration: number;
  status?: string;
  more?: Event;
}

/** An execution with its start and its end. */
function ran({ id, workflow, name, start, duration, status = 'completed', more }: Ran): Event[] {
  const common = { type: 'execution', executionId: id, workflowId: workflow, workflowName: name };
  return [
    { ...common, ...more, status: 'started', timestamp: at(start) },
    { ...common, ...more, status, duration, timestamp: at(start + duration) },
  ];
}

function step(
  execution: string,
  workflow: string,
  id: string,
  start: number,
  ms: number,
  more?: Event,
): Event {
  return {
    type: 'step',
    executionId: execution,
    workflowId: workflow,
    stepId: id,
    stepName: id,
    status: 'completed',
    startTime: at(start),
    endTime: at(start + ms),
    duration: ms,
    ...more,
  };
}

/** A workflow of its own for each file: files share a server. */
interface Orders {
  workflow: string;
  name: string;
  /** Of the first 200 executions, and of the others. */
  versions: [string, string];
}

/** Many executions of one workflow, so that a list has more than one page, and that it is known what is usual. */
export function orders({ workflow, name, versions }: Orders): Event[] {
  return Array.from({ length: 260 }, (_, index) =>
    ran({
      id: `${workflow}-${index}`,
      workflow,
      name,
      start: index * 10_000,
      duration: 1000 + index,
      status: index % 10 === 0 ? 'failed' : 'completed',
      more: {
        workflowVersion: versions[index < 200 ? 0 : 1],
        triggerType: index % 2 ? 'webhook' : 'schedule',
        metadata: { shop: index % 4 ? 'Ghent & Bruges' : 'Delft' },
        ...(index % 10 === 0 ? { errorType: 'Timeout', errorMessage: 'It took too long' } : {}),
      },
    }),
  ).flat();
}

/** One with 5,000 steps, one of which failed; several have no length. */
export function crawl(): Event[] {
  const steps = Array.from({ length: STEPS }, (_, index) =>
    step(
      'crawl-1',
      'crawl',
      ['fetch', 'parse', 'store'][index % 3] ?? '',
      index * 100,
      index % 7 ? 90 : 0,
      {
        ...(index === 4711
          ? { status: 'failed', errorType: 'Gone', errorMessage: 'Page 4711 is gone' }
          : {}),
      },
    ),
  );
  const more = { errorType: 'Gone', errorMessage: 'Page 4711 is gone', errorStep: 'fetch' };
  return [
    ...ran({
      id: 'crawl-1',
      workflow: 'crawl',
      start: 0,
      duration: 500_000,
      status: 'failed',
      more,
    }),
    ...steps,
  ];
}

/** Calls four deep. */
export function calls(): Event[] {
  return [1, 2, 3, 4].flatMap((depth) => {
    const [start, duration] = [depth * 1000, 60_000 - depth * 4000];
    const parent =
      depth > 1
        ? { parentExecutionId: `call-${depth - 1}`, parentWorkflowId: `level-${depth - 1}` }
        : {};
    return [
      ...ran({
        id: `call-${depth}`,
        workflow: `level-${depth}`,
        name: `Level ${depth}`,
        start,
        duration,
        more: parent,
      }),
      step(`call-${depth}`, `level-${depth}`, `inside ${depth}`, start + 500, duration - 1000),
    ];
  });
}

/** One that failed, and its retry with attempts, a wait, parallel steps and difficult names. */
export function retried(workflow: string): Event[] {
  const [first, second] = [`${workflow}-1`, `${workflow}-2`];
  const wait = { type: 'execution', executionId: second, workflowId: workflow };
  const call = (attempt: number, start: number, failed: boolean): Event =>
    step(second, workflow, 'call', start, 3000, {
      attempt,
      ...(failed
        ? { status: 'failed', errorType: 'Busy', errorMessage: 'Try later' }
        : { itemsIn: 1, itemsOut: 12 }),
    });
  const failed = { errorType: 'Busy', errorMessage: 'Try later', errorStep: 'call' };
  return [
    ...ran({ id: first, workflow, start: 0, duration: 10_000, status: 'failed', more: failed }),
    step(first, workflow, 'call', 500, 9000, { status: 'failed', errorType: 'Busy' }),
    ...ran({
      id: second,
      workflow,
      start: 20_000,
      duration: 100_000,
      more: { retryOf: first },
    }),
    { ...wait, status: 'waiting', timestamp: at(60_000) },
    { ...wait, status: 'started', timestamp: at(90_000) },
    call(1, 21_000, true),
    call(2, 26_000, true),
    call(3, 31_000, false),
    step(second, workflow, LONG, 35_000, 20_000),
    step(second, workflow, 'right to left', 35_000, 25_000, { stepName: RIGHT_TO_LEFT }),
    step(second, workflow, 'finish', 90_000, 25_000),
  ];
}

/** An execution that ran twice, and so is listed twice. */
export const twice = (workflow: string): Event[] =>
  [0, 20_000].flatMap((start) => ran({ id: `${workflow}-1`, workflow, start, duration: 10_000 }));

/** A loop of two passes, each with a call and a decision that a person takes most of its time for. */
export function looped(): Event[] {
  const passes = [0, 1].flatMap((pass) => {
    const start = 1000 + pass * 20_000;
    const inside = { parentStepId: 'loop' };
    return [
      step('loop-1', 'loops', 'loop', start, 18_000, { stepType: 'loop' }),
      step('loop-1', 'loops', 'call', start, 3000, inside),
      step('loop-1', 'loops', 'decide', start + 3000, 15_000, {
        ...inside,
        stepType: 'approval',
        waitDuration: 12_000,
      }),
    ];
  });
  return [...ran({ id: 'loop-1', workflow: 'loops', start: 0, duration: 45_000 }), ...passes];
}

/** Sends events with the key of the run. */
export async function send(events: Event[]): Promise<void> {
  const response = await fetch(`${given.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${given.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(response.ok, await response.text()).toBe(true);
}

/** Reads from the API as the page's user does. */
export async function api<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(path);
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true);
  return (await response.json()) as T;
}

/** An execution, as far as these tests look at it. */
export interface Row {
  id: string;
  executionId: string;
  status: string;
}

/** The id that Weir gave to an execution. */
export async function idOf(page: Page, executionId: string): Promise<string> {
  return (await api<Row>(page, `/api/v1/executions/${executionId}`)).id;
}
