import { useState, type ReactNode } from 'react';
import type { Filter, MetricInfo } from '@/api/types';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList, type Option } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { ErrorState } from '@/components/states';
import { TakesFocus } from '@/components/TakesFocus';
import { figure } from '@/lib/format';
import { explore as words } from '@/words';
import { TextEntry } from '../executions/list/Entry';
import { stateLook } from '../executions/state';
import { nameOf, numberOf, textOf } from '../rows';
import { useCardQuery } from '../useCardQuery';
import { useView } from '../view';
import { allHave, type Catalogue, type Dimension } from './catalogue';
import { Chosen } from './Names';
import { dimensionOptions } from './options';

/** How many values of a dimension are offered; any other can be typed. */
const MOST = 200;

interface Props {
  catalogue: Catalogue;
  metrics: MetricInfo[];
  filters: Filter[];
  onChange: (filters: Filter[]) => void;
}

/** What the figures are limited to: each condition can be changed or removed. */
export function Filters(props: Props): ReactNode {
  const { catalogue, metrics, filters, onChange } = props;
  const put = (at: number, filter: Filter): void =>
    onChange(filters.map((other, index) => (index === at ? filter : other)));
  return (
    <div className="flex flex-wrap gap-1.5" data-testid="explore-filters">
      {filters.map((filter, index) => (
        <Condition
          // Its editor stays open when the operator changes.
          key={`${index} ${filter.dimension}`}
          dimension={catalogue.dimension(filter.dimension)}
          metric={counting(catalogue, metrics, catalogue.dimension(filter.dimension))}
          filter={filter}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(filters.filter((_, other) => other !== index))}
        />
      ))}
      <AddFilter {...props} />
    </div>
  );
}

/** A metric that has a dimension: the first of the query if it does. */
function counting(catalogue: Catalogue, metrics: MetricInfo[], of: Dimension) {
  const usual = ['executions', 'steps'].map(catalogue.metric);
  return [...metrics, ...usual].find((metric) => allHave([metric], of)) ?? metrics[0];
}

/** The name of a value where no answer names it. */
const plainName = (dimension: Dimension, value: string | null): string => {
  if (value === null) return words.noFilterValue;
  return dimension.name === 'status' ? stateLook(value).label : value;
};

function Condition(props: {
  dimension: Dimension;
  metric: MetricInfo | undefined;
  filter: Filter;
  onChange: (filter: Filter) => void;
  onRemove: () => void;
}): ReactNode {
  const { dimension, filter } = props;
  const [open, setOpen] = useState(false);
  const not = filter.op === 'not_in';
  const names = useNames(dimension, props.metric, filter);
  const values = filter.values.map((value) => names(value));
  const says = words.is(dimension.label, values, not);
  return (
    <Chosen label={says} onRemove={props.onRemove}>
      <Pop
        kind="quiet"
        label={words.edit(says)}
        open={open}
        onOpenChange={setOpen}
        className="h-7! min-w-0 text-accent!"
        trigger={<span className="min-w-0 truncate">{says}</span>}
      >
        <ValuesEditor
          dimension={dimension}
          metric={props.metric}
          filter={filter}
          nameOf={names}
          onChange={(next) => (next.values.length > 0 ? props.onChange(next) : props.onRemove())}
        />
      </Pop>
    </Chosen>
  );
}

/** Adds a condition: first on which dimension, then with which value. */
function AddFilter({ catalogue, metrics, filters, onChange }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const show = (next: boolean): void => {
    setOpen(next);
    setName(null);
  };
  const filter: Filter | null = name === null ? null : { dimension: name, op: 'in', values: [] };
  return (
    <Pop
      label={words.addFilter}
      open={open}
      onOpenChange={show}
      className="h-7!"
      trigger={
        <>
          <Icon name="plus" size={12} /> {filters.length === 0 && words.addFilter}
        </>
      }
    >
      {filter === null ? (
        <OptionList
          searchable
          label={words.addFilter}
          selected={[]}
          options={dimensionOptions(catalogue, metrics)}
          onPick={setName}
        />
      ) : (
        <TakesFocus key={filter.dimension}>
          <ValuesEditor
            dimension={catalogue.dimension(filter.dimension)}
            metric={counting(catalogue, metrics, catalogue.dimension(filter.dimension))}
            filter={filter}
            onChange={(next) => {
              onChange(merged(filters, next));
              show(false);
            }}
          />
        </TakesFocus>
      )}
    </Pop>
  );
}

/** Conditions with another one; values of the same dimension and operator join. */
export function merged(filters: Filter[], next: Filter): Filter[] {
  const same = ({ dimension, op }: Filter): boolean =>
    dimension === next.dimension && op === next.op;
  if (!filters.some(same)) return [...filters, next];
  return filters.map((filter) =>
    same(filter) ? { ...filter, values: [...new Set([...filter.values, ...next.values])] } : filter,
  );
}

/** Stands for no value in a list of values, of which none is empty. */
const NONE = '';

/** Chooses the values of a condition: those that occur in the range, the most frequent first, or any other. */
function ValuesEditor(props: {
  dimension: Dimension;
  metric: MetricInfo | undefined;
  filter: Filter;
  /** The names of those that are chosen. */
  nameOf?: (value: string | null) => string;
  onChange: (filter: Filter) => void;
}): ReactNode {
  const { dimension, metric, filter, onChange } = props;
  const name = props.nameOf ?? ((value: string | null) => plainName(dimension, value));
  const found = useValues(dimension, metric);
  const chosen = filter.values.map((value) => value ?? NONE);
  const missing = chosen.filter((value) => !found.options.some((option) => option.value === value));
  const toggle = (value: string): void => {
    const rest = chosen.filter((other) => other !== value);
    const next = rest.length === chosen.length ? [...chosen, value] : rest;
    onChange({ ...filter, values: next.map((one) => (one === NONE ? null : one)) });
  };
  const option = (value: string): Option => ({
    value,
    label: name(value === NONE ? null : value),
  });
  return (
    <>
      {chosen.length > 0 && (
        <div role="group" aria-label={words.operator} className="flex gap-1 border-b p-1.5">
          {(['in', 'not_in'] as const).map((op) => (
            <Button
              key={op}
              kind="quiet"
              small
              aria-pressed={(filter.op ?? 'in') === op}
              onClick={() => onChange({ ...filter, op })}
            >
              {words.operators[op]}
            </Button>
          ))}
        </div>
      )}
      {found.error ? (
        <ErrorState what={dimension.label} error={found.error} onRetry={found.retry} />
      ) : (
        <OptionList
          searchable
          multi
          label={dimension.label}
          empty={found.loading ? words.loadingValues : words.noValues}
          selected={chosen}
          options={found.loading ? [] : [...missing.map(option), ...found.options]}
          onPick={toggle}
        />
      )}
      <div className="border-t">
        <TextEntry
          id={dimension.name}
          name={words.otherValue}
          kind="text"
          value={undefined}
          onSet={toggle}
        />
      </div>
    </>
  );
}

/** The names of the values of a condition: of workflows and steps, the answer to a query for them has names. */
function useNames(dimension: Dimension, metric: MetricInfo | undefined, filter: Filter) {
  const values = filter.values.filter((value) => value !== null);
  const { data } = useCardQuery(
    useView(),
    {
      metrics: [metric?.name ?? 'executions'],
      dimensions: [dimension.name],
      filters: [{ dimension: dimension.name, op: 'in', values }],
      limit: MOST,
    },
    values.length > 0 && dimension.name !== 'status',
    'later',
  );
  return (value: string | null): string => {
    const plain = plainName(dimension, value);
    return value === null || !data ? plain : nameOf(data, dimension.name, plain);
  };
}

/** The values of a dimension in the range, by the metric that is asked. */
function useValues(dimension: Dimension, metric: MetricInfo | undefined) {
  const of = metric?.name ?? 'executions';
  const query = useCardQuery(
    useView(),
    {
      metrics: [of],
      dimensions: [dimension.name],
      orderBy: [{ metric: of, direction: 'desc' }],
      limit: MOST,
    },
    true,
    'later',
  );
  const { data } = query;
  const options = (data?.rows ?? []).map((row): Option => {
    const value = textOf(row, dimension.name);
    const plain = plainName(dimension, value);
    return {
      value: value ?? NONE,
      label: value === null || !data ? plain : nameOf(data, dimension.name, plain),
      detail: figure(numberOf(row, of), metric?.unit ?? 'count'),
    };
  });
  return {
    options,
    loading: query.isPending,
    error: query.isError ? query.error : null,
    retry: () => void query.refetch(),
  };
}
