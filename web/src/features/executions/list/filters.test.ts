import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { executions as words } from '@/words';
import { compareSearch, listOf, listSearch, oneSearch } from '../search';
import { chipsOf, durationFrom, FILTERS, OFFERED } from './filters';

/** The parameters of the list that say when, which project and which page; the bar above every page has the rest. */
const ELSEWHERE = [
  ...['projectId', 'timezone', 'refresh', 'from', 'to', 'last', 'since', 'limit', 'cursor'],
  ...['workflowId', 'environment'],
];

interface OpenApi {
  paths: Record<string, { get: { parameters: { name: string }[] } }>;
}

function parametersOfTheApi(): string[] {
  const url = new URL('../../../../../openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(url, 'utf8')) as OpenApi;
  return paths['/api/v1/executions']?.get.parameters.map(({ name }) => name) ?? [];
}

describe('the filters of the list', () => {
  it('are all that the API has', () => {
    const params: string[] = FILTERS.map(({ param }) => param);
    expect([...params, ...ELSEWHERE].sort()).toEqual(parametersOfTheApi().sort());
  });

  it('have names, and say in the sentence what they are about', () => {
    const unnamed = FILTERS.filter(({ id }) => id !== 'toStep' && !words.filters[id]);
    expect(unnamed).toEqual([]);
    for (const { id } of OFFERED) {
      expect(words.filters[id]?.says('failed', 'next')).toMatch(/^[a-z]/);
    }
  });

  it('are dropped from the address if they are not valid', () => {
    const search = listSearch({
      status: ['failed', 'crashed'],
      version: '3',
      minCost: '0',
      minDuration: '1.5',
      retried: 'perhaps',
      fromStep: 'fetch',
    });
    expect(search).toMatchObject({ status: 'failed,crashed', version: '3' });
    expect(chipsOf(search)).toEqual(['status', 'version']);
  });

  it('put two steps in order into one chip', () => {
    expect(chipsOf(listSearch({ fromStep: 'fetch', toStep: 'store' }))).toEqual(['fromStep']);
  });

  it('read durations as they are written', () => {
    const written = ['1500', '840 ms', '1.5 s', '3 m', '2h', '1 d', '1 h 2 m', 'soon'];
    expect(written.map(durationFrom)).toEqual([
      1_500_000,
      840,
      1500,
      180_000,
      7_200_000,
      86_400_000,
      null,
      null,
    ]);
  });
});

describe('the way from the list to an execution and back', () => {
  it('keeps range, filters and columns, but not what is selected or what one execution shows', () => {
    const list = {
      range: '7d',
      ...listSearch({
        status: 'failed',
        fromStep: 'fetch',
        toStep: 'store',
        metadata: 'client=acme',
        columns: ['status', 'id'],
        selected: ['a', 'b'],
      }),
    };
    const expected = { ...list, selected: undefined };
    const onOne = { ...list, ...oneSearch({ ...listOf(list), row: 'step#1', find: 'x' }) };
    expect(onOne).toMatchObject({ status: 'failed', row: 'step#1' });
    expect(listOf(onOne)).toEqual(listOf(expected));
    expect(listOf(compareSearch({ ...listOf(list), a: '1', b: '2' }))).toMatchObject({
      status: 'failed',
      metadata: ['client=acme'],
    });
    expect(listOf(onOne)).not.toHaveProperty('row');
  });
});
