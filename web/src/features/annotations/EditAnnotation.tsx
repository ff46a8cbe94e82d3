import { useState, type ReactNode } from 'react';
import {
  addAnnotation,
  ANNOTATION_KINDS,
  changeAnnotation,
  deleteAnnotation,
  type Annotation,
  type AnnotationKind,
} from '@/api/annotations';
import { asProblem } from '@/api/client';
import { Dialog } from '@/components/Dialog';
import { AreaField, SelectField, TextField } from '@/components/form/fields';
import { Name } from '@/components/Name';
import { toInput } from '@/lib/zone';
import { annotations as words } from '@/words';
import { useWorkflowNames } from '../workflowNames';
import type { View } from '../view';
import { inputFrom } from './input';
import { useRefreshAnnotations } from './read';

const SAID = words.form;

/** What a new annotation begins with. */
export interface Draft {
  startsAt: string;
  workflowId: string | undefined;
  environment: string | undefined;
}

/** Reads the annotations again whether or not it works: what was refused as outdated is to be seen as it is now. */
function useSave(projectId: string): (save: () => Promise<unknown>) => Promise<void> {
  const refresh = useRefreshAnnotations(projectId);
  return async (save) => {
    try {
      await save();
    } catch (error) {
      if (asProblem(error).status === 412) void refresh();
      throw error;
    }
    await refresh();
  };
}

/** Adds an annotation, or changes one. */
export function EditAnnotation(props: {
  view: View;
  annotation: Annotation | Draft;
  onClose: () => void;
}): ReactNode {
  const { view, onClose } = props;
  // What is read again meanwhile does not count: the form was filled with this.
  const [before] = useState(props.annotation);
  const stored = 'id' in before ? before : null;
  const [kind, setKind] = useState<AnnotationKind>(stored?.kind ?? 'release');
  const [description, setDescription] = useState(stored?.description ?? '');
  const save = useSave(view.project.id);
  const { id: projectId } = view.project;
  const ends = stored?.endsAt;
  return (
    <Dialog
      wide
      open
      title={stored ? SAID.changeTitle : SAID.addTitle}
      action={SAID.save}
      refusals={{ precondition_failed: { message: words.outdated } }}
      onClose={onClose}
      onSubmit={async (values) => {
        const input = inputFrom(values, { startsAt: before.startsAt, endsAt: ends }, view.zone);
        await save(() =>
          stored ? changeAnnotation(projectId, stored, input) : addAnnotation(projectId, input),
        );
        onClose();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <SelectField
          name="kind"
          label={SAID.kind}
          value={kind}
          onChange={(value) => setKind(value as AnnotationKind)}
          options={ANNOTATION_KINDS.map((value) => ({ value, label: words.kinds[value] }))}
        />
        <TextField
          name="title"
          label={SAID.title}
          maxLength={200}
          autoComplete="off"
          defaultValue={stored?.title ?? ''}
          hint={SAID.titleHint}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="startsAt"
          label={SAID.starts}
          type="datetime-local"
          defaultValue={toInput(Date.parse(before.startsAt), view.zone)}
          hint={SAID.zone(view.zone.replaceAll('_', ' '))}
        />
        <TextField
          name="endsAt"
          label={SAID.ends}
          type="datetime-local"
          required={false}
          defaultValue={ends ? toInput(Date.parse(ends), view.zone) : ''}
          hint={kind === 'incident' ? SAID.open : SAID.moment}
        />
      </div>
      <Concerned view={view} of={before} version={stored?.version} />
      <TextField
        name="url"
        label={SAID.url}
        type="url"
        required={false}
        maxLength={2000}
        autoComplete="off"
        placeholder={SAID.urlStart}
        defaultValue={stored?.url ?? ''}
        hint={SAID.urlHint}
      />
      <AreaField
        prose
        name="description"
        label={SAID.description}
        rows={3}
        value={description}
        onChange={setDescription}
      />
    </Dialog>
  );
}

/** What an annotation is about: a workflow, an environment, a version. */
function Concerned(props: {
  view: View;
  of: Pick<Annotation, 'workflowId' | 'environment'>;
  version: string | null | undefined;
}): ReactNode {
  const { view, of } = props;
  const names = useWorkflowNames(view, true).list;
  const listed = names.map(({ id, name }) => ({ value: id, label: name }));
  const workflows = listed.sort((a, b) => a.label.localeCompare(b.label));
  const { workflowId, environment } = of;
  // What has not run in the range is not listed, but can be what it is about.
  if (workflowId && !names.some(({ id }) => id === workflowId)) {
    workflows.unshift({ value: workflowId, label: workflowId });
  }
  const environments = new Set([
    ...view.project.environments,
    ...(environment ? [environment] : []),
  ]);
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <SelectField
        name="workflowId"
        label={SAID.workflow}
        defaultValue={workflowId ?? ''}
        options={[{ value: '', label: words.every }, ...workflows]}
      />
      <SelectField
        name="environment"
        label={SAID.environment}
        defaultValue={environment ?? ''}
        options={[
          { value: '', label: words.everywhere },
          ...[...environments].map((value) => ({ value, label: value })),
        ]}
      />
      <TextField
        name="version"
        label={SAID.version}
        required={false}
        maxLength={256}
        autoComplete="off"
        defaultValue={props.version ?? ''}
      />
    </div>
  );
}

/** Asks before an annotation is deleted. */
export function DeleteAnnotation(props: {
  view: View;
  annotation: Annotation;
  onClose: (deleted: boolean) => void;
}): ReactNode {
  const { view, onClose } = props;
  const [annotation] = useState(props.annotation);
  const save = useSave(view.project.id);
  return (
    <Dialog
      danger
      open
      title={words.deleteTitle}
      lead={words.deleteLead(<Name of={annotation.title} />)}
      action={words.delete}
      refusals={{ precondition_failed: { message: words.outdatedDelete } }}
      onClose={() => onClose(false)}
      onSubmit={async () => {
        await save(() => deleteAnnotation(view.project.id, annotation));
        onClose(true);
      }}
    />
  );
}
