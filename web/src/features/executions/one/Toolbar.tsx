import { type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Picker } from '@/components/Picker';
import { executions as words } from '@/words';
import type { OneSearch } from '../search';
import { hasFailed } from '../state';
import type { Item } from './model';

const ROWS = ['single', 'bystep', 'packed'] as const;

/** Searching in a waterfall, going to what matters in it, and how its rows are arranged. */
export function Toolbar(props: {
  items: Item[];
  search: OneSearch;
  onSearch: (patch: OneSearch) => void;
  onFailure: () => void;
  onCritical: () => void;
  onCloseAll: () => void;
  onOpenAll: () => void;
}): ReactNode {
  const { items, search, onSearch } = props;
  const text = words.waterfall;
  const rows = search.rows ?? 'single';
  return (
    <>
      <input
        type="search"
        data-search
        aria-label={text.find}
        placeholder={text.find}
        value={search.find ?? ''}
        onChange={(event) => onSearch({ find: event.target.value || undefined })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="touch-target h-8 w-40 min-w-0 rounded-md border bg-surface px-2"
      />
      {items.some(({ status }) => hasFailed(status)) && (
        <Button kind="quiet" onClick={props.onFailure}>
          <Icon name="warning" size={14} /> {text.toFailure}
        </Button>
      )}
      {items.some(({ critical }) => critical) && (
        <Button kind="quiet" onClick={props.onCritical}>
          {text.toCritical}
        </Button>
      )}
      {items.some(({ parent, execution }) => parent !== null || execution) && (
        <>
          <Button kind="quiet" onClick={props.onCloseAll}>
            {text.collapseAll}
          </Button>
          <Button kind="quiet" onClick={props.onOpenAll}>
            {text.expandAll}
          </Button>
        </>
      )}
      <Picker
        label={text.rowsLabel}
        icon="list"
        testId="rows"
        text={text.rows[rows]}
        selected={rows}
        options={ROWS.map((value) => ({ value, label: text.rows[value] }))}
        onPick={(value) =>
          onSearch({ rows: value === 'single' ? undefined : (value as OneSearch['rows']) })
        }
      />
    </>
  );
}
