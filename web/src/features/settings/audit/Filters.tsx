import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Form, Submit } from '@/components/form/Form';
import { TextField } from '@/components/form/fields';
import type { AuditSearch } from './search';
import { settings } from '@/words';

const words = settings.filters;

/** Filters the audit log. */
export function Filters(props: {
  search: AuditSearch;
  onChange: (patch: AuditSearch) => void;
}): ReactNode {
  const { search, onChange } = props;
  const none = { action: undefined, actor: undefined, subject: undefined };
  const narrowed = Object.keys({ ...none, since: 0, until: 0 }).some(
    (name) => search[name as keyof AuditSearch] !== undefined,
  );
  return (
    <Form
      label={words.filters}
      className="gap-3!"
      onSubmit={(values) => {
        onChange({
          action: values.optional('action'),
          actor: values.optional('actor'),
          subject: values.optional('subject'),
          since: values.optional('since'),
          until: values.optional('until'),
        });
        return Promise.resolve();
      }}
    >
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 xl:grid-cols-5">
        <Filter
          name="action"
          label={words.action}
          value={search.action}
          placeholder={words.keyRevoked}
        />
        <Filter name="actor" label={words.who} value={search.actor} placeholder={words.person} />
        <div className="max-lg:col-span-2">
          <Filter name="subject" label={words.what} value={search.subject} />
        </div>
        <Filter name="since" label={words.firstDay} type="date" value={search.since} />
        <Filter name="until" label={words.lastDay} type="date" value={search.until} />
      </div>
      <div className="flex gap-2">
        <Submit>{words.apply}</Submit>
        {narrowed && (
          <Button onClick={() => onChange({ ...none, since: undefined, until: undefined })}>
            {words.clearFilters}
          </Button>
        )}
      </div>
    </Form>
  );
}

function Filter(props: {
  name: string;
  label: string;
  value: string | undefined;
  type?: string;
  placeholder?: string;
}): ReactNode {
  return (
    <TextField
      name={props.name}
      label={props.label}
      type={props.type ?? 'text'}
      placeholder={props.placeholder}
      defaultValue={props.value ?? ''}
      required={false}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
