import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import {
  deleteSegment,
  saveSegment,
  segmentsKey,
  segmentsQuery,
  type Segment,
} from '@/api/segments';
import { Button } from '@/components/Button';
import { Dialog } from '@/components/Dialog';
import { SelectField, TextField } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { segments } from '@/words';
import type { Catalogue } from '../../explore/catalogue';
import { useZone } from '../../zone';
import { Condition } from './Condition';
import {
  definitionOf,
  draftOf,
  propertiesFor,
  type Draft,
  type DraftCondition,
} from './definition';
import { PreviewNote } from './PreviewNote';
import { usePreview } from './usePreview';

const words = segments.editor;

/** A condition until another one is chosen. */
const behaviour = (key: number, value: string): DraftCondition => ({
  key,
  type: 'behaviour',
  metric: 'executions',
  op: 'at_least',
  value,
  days: '30',
});

interface Props {
  projectId: string;
  onClose: () => void;
}

/** Adds a segment, or changes one; it counts the members while they are defined. */
export function SegmentDialog(
  props: Props & { segment: Segment | null; catalogue: Catalogue },
): ReactNode {
  const { projectId, segment, catalogue } = props;
  const zone = useZone();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() =>
    segment
      ? draftOf(segment.definition, zone)
      : { of: 'users', match: 'all', timezone: zone, conditions: [behaviour(0, '5')] },
  );
  const definition = useMemo(() => definitionOf(draft), [draft]);
  const preview = usePreview(projectId, definition);
  return (
    <Dialog
      title={segment ? words.changeTitle : words.addTitle}
      action={words.save}
      open
      disabled={!definition || Boolean(preview.error)}
      onClose={props.onClose}
      refusals={{ name_taken: { field: 'name', message: words.taken } }}
      onSubmit={async (values) => {
        if (!definition) return;
        await saveSegment(projectId, segment?.id, { name: values.text('name'), definition });
        props.onClose();
        await client.invalidateQueries({ queryKey: segmentsKey(projectId) });
      }}
      aside={<PreviewNote preview={preview} of={draft.of} complete={definition !== null} />}
    >
      <TextField
        name="name"
        label={words.name}
        maxLength={200}
        autoComplete="off"
        defaultValue={segment?.name}
      />
      <Conditions draft={draft} catalogue={catalogue} zone={zone} onChange={setDraft} />
    </Dialog>
  );
}

/** Who is meant, and the conditions that they meet. */
function Conditions(props: {
  draft: Draft;
  catalogue: Catalogue;
  zone: string;
  onChange: (draft: Draft) => void;
}): ReactNode {
  const { draft, catalogue, zone, onChange } = props;
  const { conditions } = draft;
  const put = (next: DraftCondition[]): void => onChange({ ...draft, conditions: next });
  const free = Math.max(-1, ...conditions.map(({ key }) => key)) + 1;
  const property = propertiesFor(catalogue, draft.of)[0]?.name ?? 'metadata.';
  return (
    <>
      <SelectField
        name="of"
        label={words.of}
        value={draft.of}
        onChange={(of) => onChange({ ...draft, of: of as Draft['of'] })}
        options={(['users', 'workflows'] as const).map((value) => ({
          value,
          label: words.subjects[value],
        }))}
      />
      <SelectField
        name="match"
        label={words.match}
        value={draft.match}
        onChange={(match) => onChange({ ...draft, match: match as Draft['match'] })}
        options={(['all', 'any'] as const).map((value) => ({
          value,
          label: words.matches[value],
        }))}
      />
      {conditions.map((condition, index) => (
        <Condition
          key={condition.key}
          number={index + 1}
          condition={condition}
          of={draft.of}
          catalogue={catalogue}
          zone={zone}
          onChange={(next) => put(conditions.with(index, next))}
          onRemove={() => put(conditions.filter((one) => one !== condition))}
        />
      ))}
      {conditions.length === 0 && <p className="text-ink-3">{words.noConditions}</p>}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => put([...conditions, behaviour(free, '')])}>
          <Icon name="plus" size={12} /> {words.addBehaviour}
        </Button>
        <Button
          onClick={() =>
            put([
              ...conditions,
              { key: free, type: 'property', property, op: 'in', values: '', none: false },
            ])
          }
        >
          <Icon name="plus" size={12} /> {words.addProperty}
        </Button>
      </div>
    </>
  );
}

/** Asks before a segment is deleted. */
export function DeleteSegment(props: Props & { segment: Segment; onGone: () => void }): ReactNode {
  const { projectId, segment } = props;
  const client = useQueryClient();
  return (
    <Dialog
      danger
      title={segments.removeTitle(segment.name)}
      lead={segments.removeLead}
      action={segments.removeAction}
      open
      onClose={props.onClose}
      onSubmit={async () => {
        await deleteSegment(projectId, segment.id);
        props.onGone();
        // Its row goes at once: it would ask for the members of a segment that is not there.
        const list = segmentsQuery(projectId);
        client.setQueryData(
          list.queryKey,
          (last) => last && { segments: last.segments.filter(({ id }) => id !== segment.id) },
        );
        await client.invalidateQueries(list);
      }}
    />
  );
}
