import type { Forms } from '../plural';

/** The forms of a noun; English adds an "s" unless it says otherwise. */
export const noun = (one: string, other = `${one}s`): Forms => ({ one, other });

/** What is counted. */
export const nouns = {
  account: noun('account'),
  burnAlert: noun('burn-rate alert'),
  day: noun('day'),
  execution: noun('execution'),
  fingerprint: noun('fingerprint'),
  gap: noun('gap'),
  group: noun('group'),
  incident: noun('incident'),
  mergedGroup: noun('merged group'),
  note: noun('note'),
  person: noun('person', 'people'),
  price: noun('price'),
  project: noun('project'),
  release: noun('release'),
  rule: noun('rule'),
  run: noun('run'),
  step: noun('step'),
  subject: noun('subject'),
  user: noun('user'),
  workflow: noun('workflow'),
};
