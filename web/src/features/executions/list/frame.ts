import { useEffect, useState } from 'react';
import type { ExecutionFilter } from '@/api/executions';
import { present } from '@/lib/clock';
import type { View } from '../../view';
import type { ListSearch } from '../search';
import { FILTERS } from './filters';
import { conditionsOf } from './metadata';

/** What the list asks for, apart from when. */
export function filterOf(view: View, search: ListSearch): ExecutionFilter {
  return {
    projectId: view.project.id,
    environment: view.env,
    timezone: view.zone,
    workflowId: view.workflows.length === 1 ? view.workflows[0] : undefined,
    ...Object.fromEntries(FILTERS.map(({ id, param }) => [param, search[id]])),
    ...Object.fromEntries(conditionsOf(search)),
  };
}

/** A range as the API takes it. */
export const boundsOf = (bounds: View['bounds']): { from: string; to: string } => ({
  from: new Date(bounds.from).toISOString(),
  to: new Date(bounds.to).toISOString(),
});

/** What is being read: one question about one stretch of time, which does not move while it is read. */
export interface Reading {
  /** Differs whenever something else is read. */
  key: string;
  bounds: View['bounds'];
  /** How often this question was asked anew. */
  turn: number;
}

/** The last reading, so that going back finds the list where it was left. */
let last: (Reading & { question: string }) | null = null;

/** Holds on to the bounds of a view while a question stays the same, until it is asked anew. */
export function useReading(view: View, filter: ExecutionFilter): [Reading, () => void] {
  const question = JSON.stringify([view.range, filter]);
  const begin = (turn: number): Reading & { question: string } => ({
    question,
    key: `${question} ${present()} ${turn}`,
    // What is still to come is not read: it would push down what is being read.
    bounds: { from: view.bounds.from, to: Math.min(view.bounds.to, present()) },
    turn,
  });
  const [reading, setReading] = useState(() => (last?.question === question ? last : begin(0)));
  let current = reading;
  if (reading.question !== question) {
    current = begin(0);
    setReading(current);
  }
  useEffect(() => {
    last = current;
  }, [current]);
  return [current, () => setReading(begin(current.turn + 1))];
}
