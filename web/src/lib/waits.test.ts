import { expect, test } from 'vitest';
import { waits } from './waits';

test('steps that wait are told by the words of their type', () => {
  const waiting = [
    'wait',
    'n8n-nodes-base.wait',
    'userTask',
    'sleep_until',
    'HumanApproval',
    'form',
  ];
  expect(waiting.filter((type) => !waits(type))).toEqual([]);
  const working = ['httpRequest', 'platform', 'getUser', 'transform', 'awaited', '', null];
  expect(working.filter((type) => waits(type))).toEqual([]);
});
