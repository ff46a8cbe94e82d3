import { useState, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { SelectField } from '@/components/form/fields';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import type { Values } from '@/components/form/values';
import { Notice } from '@/components/Notice';
import { usePreferences, type Preferences } from '@/lib/preferences';
import { useTheme, type ThemeChoice } from '@/lib/theme';
import { preferences as words } from '@/words';
import { usePageProject, useSavedViews } from '../views/useSavedViews';
import { rememberStart, startOf } from './entry';
import { rangeChoices, startChoices, zoneChoices } from './options';
import { prefer } from './prefer';

const THEMES = (['system', 'light', 'dark'] as const).map((value) => ({
  value,
  label: words.themes[value],
}));

const chosen = (values: Values): Partial<Preferences> => ({
  theme: values.raw('theme') as ThemeChoice,
  timezone: values.raw('timezone') || null,
  range: values.raw('range') || null,
  startPage: values.raw('startPage') || null,
});

/** How the user likes the application, in any browser. */
export function PreferencesCard(): ReactNode {
  const liked = usePreferences();
  const theme = useTheme().choice;
  const [saved, setSaved] = useState<boolean | null>(null);
  const project = usePageProject();
  const { views, query } = useSavedViews(project);
  // What changes elsewhere is shown; until the views are known, a start page may be one of them.
  const known = JSON.stringify([liked, theme, query.isPending]);
  return (
    <Card title={words.title} note={words.note} testId="preferences">
      <Form
        label={words.title}
        className="max-w-md px-4 pb-4"
        onSubmit={async (values) => {
          setSaved(null);
          const choice = chosen(values);
          const ofProject = views.some(({ id }) => startOf(id) === choice.startPage);
          if (project && ofProject) rememberStart(project.id);
          setSaved(await prefer(choice));
        }}
      >
        <div key={known} className="flex flex-col gap-4">
          <SelectField name="theme" label={words.theme} options={THEMES} defaultValue={theme} />
          <SelectField
            name="timezone"
            label={words.zone}
            hint={words.zoneHint}
            options={zoneChoices(liked.timezone)}
            defaultValue={liked.timezone ?? ''}
          />
          <SelectField
            name="range"
            label={words.range}
            hint={words.rangeHint}
            options={rangeChoices(liked.range)}
            defaultValue={liked.range ?? ''}
          />
          <SelectField
            name="startPage"
            label={words.startPage}
            hint={words.startPageHint}
            options={startChoices(views, liked.startPage)}
            defaultValue={liked.startPage ?? 'overview'}
          />
        </div>
        <p className="text-xs text-ink-3">{words.columns}</p>
        <FormProblem />
        {saved === true && <Notice tone="good">{words.saved}</Notice>}
        {saved === false && <Notice tone="warn">{words.keptHere}</Notice>}
        <Submit className="self-start">{words.save}</Submit>
      </Form>
    </Card>
  );
}
