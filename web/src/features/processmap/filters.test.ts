import { expect, test } from 'vitest';
import { filtersOf } from './filters';
import { stepKey } from './graph';

const [a, b] = [stepKey('a'), stepKey('start')];

test('an arrow between steps counts executions that took it', () => {
  expect(filtersOf({ from: a, to: b })).toEqual({ fromStep: 'a', toStep: 'start' });
});

test('an arrow from the start counts executions by their first step', () => {
  expect(filtersOf({ from: 'start', to: a })).toEqual({ firstStep: 'a' });
});

test('an arrow to an end counts executions by their last step and how they ended', () => {
  expect(filtersOf({ from: a, to: 'end' })).toEqual({ lastStep: 'a', status: 'completed' });
  expect(filtersOf({ from: a, to: 'failed' })).toEqual({
    lastStep: 'a',
    status: ['failed', 'crashed'],
  });
  expect(filtersOf({ from: a, to: 'dropped' })).toEqual({ lastStep: 'a', status: 'canceled' });
});
