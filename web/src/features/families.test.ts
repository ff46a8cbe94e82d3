import { describe, expect, it } from 'vitest';
import { commonName, familiesOf } from './families';

const members = (...names: string[]) => names.map((name) => ({ id: name, name }));
const found = (...names: string[]) =>
  familiesOf(members(...names)).map((family) => [family.name, family.members.map(({ id }) => id)]);

describe('families of workflows', () => {
  it('are names that differ in a last word which other names have, too', () => {
    expect(
      found('Lead routing EMEA', 'Lead routing APAC', 'Invoice capture APAC', 'GDPR export EMEA'),
    ).toEqual([['Lead routing', ['Lead routing EMEA', 'Lead routing APAC']]]);
  });

  it('are not names that merely begin alike', () => {
    expect(found('order sync', 'order import', 'order cleanup')).toEqual([]);
    expect(found('Check stock', 'Check stock levels')).toEqual([]);
  });

  it('are numbered variants and stages of delivery even if there is only one family', () => {
    expect(found('shard-1', 'shard-2', 'other')).toEqual([['shard', ['shard-1', 'shard-2']]]);
    expect(found('billing_prod', 'billing_staging')).toEqual([
      ['billing', ['billing_prod', 'billing_staging']],
    ]);
    expect(found('Billing v2')).toEqual([]);
  });

  it('are found whatever separates the words, and in any case', () => {
    expect(found('lead-routing-emea', 'Lead Routing (APAC)', 'x-emea', 'y apac')).toEqual([
      ['lead-routing', ['lead-routing-emea', 'Lead Routing (APAC)']],
    ]);
  });

  it('need different variants: two workflows of the same name are no family', () => {
    expect(found('Order sync EMEA', 'Order sync EMEA', 'Other EMEA')).toEqual([]);
  });
});

describe('the common name', () => {
  it('is what all names begin with, in whole words', () => {
    expect(commonName(['Ticket triage EMEA', 'Ticket triage AMER', 'ticket-triage-dach'])).toBe(
      'Ticket triage',
    );
    expect(commonName(['Ticket triage', 'Ticket triage AMER'])).toBe('Ticket triage');
    expect(commonName(['Tickets', 'Ticket'])).toBeNull();
    expect(commonName(['Churn watch', 'Order sync'])).toBeNull();
    expect(commonName(['Alone'])).toBeNull();
  });
});
