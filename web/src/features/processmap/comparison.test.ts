import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { VariantComparison } from '@/api/processMap';
import { Chevrons } from './Chevrons';
import { partsLead, partsOf } from './ComparedParts';

const node = (id: string, a: number, b: number) => ({
  step: { id, name: id },
  a: { executions: 100, share: a, durationP50: 1000 },
  b: { executions: 100, share: b, durationP50: 1000 },
});

const comparison = (nodes: ReturnType<typeof node>[], findings: string[]): VariantComparison =>
  ({
    enough: 30,
    nodes,
    edges: [],
    rows: findings.map((finding, index) => ({ id: String(index), finding, steps: [] })),
  }) as unknown as VariantComparison;

const leads = (data: VariantComparison): boolean => partsLead(data, partsOf(data));

describe('a comparison of two groups', () => {
  it('leads with steps and arrows where the shares of no path differ significantly', () => {
    const differ = [node('ask', 10, 60), node('load', 100, 100)];
    expect(leads(comparison(differ, ['no_difference', 'not_enough_data']))).toBe(true);
    expect(leads(comparison(differ, ['no_difference', 'different']))).toBe(false);
    expect(leads(comparison([node('load', 100, 100)], ['no_difference']))).toBe(false);
  });

  it('names the path of executions without steps', () => {
    const drawn = renderToStaticMarkup(
      createElement(Chevrons, { steps: [], colors: new Map(), whole: false }),
    );
    expect(drawn).toContain('No steps');
  });
});
