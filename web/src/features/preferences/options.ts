import type { SavedView } from '@/api/savedViews';
import { PRESETS, rangeFromParams, rangeLabel } from '@/lib/range';
import { allZones, browserZone } from '@/lib/zone';
import { preferences as words } from '@/words';
import { START_PAGES, startOf } from './entry';

interface Choice {
  value: string;
  label: string;
}

const spaced = (zone: string): string => zone.replaceAll('_', ' ');

/** The time zones to choose from; the empty one is the browser's own. */
export function zoneChoices(chosen: string | null): Choice[] {
  const zones = allZones().map((value) => ({ value, label: spaced(value) }));
  const own = { value: '', label: words.ownZone(spaced(browserZone())) };
  return withChosen([own, ...zones], chosen, spaced(chosen ?? ''));
}

/** The ranges to choose from; without one, the data decides. */
export function rangeChoices(chosen: string | null): Choice[] {
  const own = { value: '', label: words.ownRange };
  const range = rangeFromParams({ range: chosen ?? undefined });
  return withChosen([own, ...PRESETS], chosen, range ? rangeLabel(range, 'UTC') : (chosen ?? ''));
}

/** The pages and saved views to start with. */
export function startChoices(views: SavedView[], chosen: string | null): Choice[] {
  const pages = START_PAGES.map(({ name, label }) => ({ value: name, label }));
  const saved = views.map(({ id, name }) => ({ value: startOf(id), label: words.view(name) }));
  return withChosen([...pages, ...saved], chosen, words.otherView);
}

/** What was chosen stays a choice, even if it is not among those on offer. */
function withChosen(choices: Choice[], chosen: string | null, label: string): Choice[] {
  if (!chosen || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label }];
}
