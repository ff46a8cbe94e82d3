import { describe, expect, it } from 'vitest';
import { parseSearch, stringifySearch } from '@/lib/search';
import {
  conditionsOf,
  metadataSearch,
  valuesOf,
  withValues,
  type MetadataSearch,
} from './metadata';

/** What remains of conditions after a link with them was sent and opened. */
const sent = (search: MetadataSearch): MetadataSearch =>
  metadataSearch(parseSearch(stringifySearch({ ...search })));

describe('conditions on declared dimensions', () => {
  it('are the same after a link was sent, whatever is in their keys and values', () => {
    const odd = 'a=b%3D & ü';
    let search = withValues({}, 'metadata.client', ['acme', odd]);
    search = withValues(search, `metadata.${odd}`, [odd]);
    expect(conditionsOf(sent(search))).toEqual([
      ['metadata.client', ['acme', odd]],
      [`metadata.${odd}`, [odd]],
    ]);
  });

  it('are replaced and removed for one dimension only', () => {
    const both = withValues(withValues({}, 'metadata.a', ['1']), 'metadata.b', ['2']);
    expect(valuesOf(withValues(both, 'metadata.a', ['3', '4']), 'metadata.a')).toEqual(['3', '4']);
    expect(conditionsOf(withValues(both, 'metadata.a', []))).toEqual([['metadata.b', ['2']]]);
    expect(withValues(withValues({}, 'metadata.a', ['1']), 'metadata.a', [])).toEqual({
      metadata: undefined,
    });
  });

  it('are dropped if they have no key or no value', () => {
    expect(metadataSearch({ metadata: ['=x', 'client=', 'client', 'client=acme'] })).toEqual({
      metadata: ['client=acme'],
    });
    expect(metadataSearch({ metadata: `${'k'.repeat(101)}=x` })).toEqual({ metadata: undefined });
  });
});
