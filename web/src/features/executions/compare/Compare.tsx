import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { comparisonQuery, type ExecutionComparison } from '@/api/executions';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { executions as words, frame } from '@/words';
import { Breadcrumb } from '../../Breadcrumb';
import { useView } from '../../view';
import { listOf, type CompareSearch } from '../search';
import { Differences, differencesOf } from './Differences';
import { Side } from './Side';
import { Steps } from './Steps';

const FROM = '/frame/board/executions/compare';
const text = words.compare;

/** Two executions side by side: what differs, then their steps on one time axis. */
export function Compare(): ReactNode {
  const search = useSearch({ from: FROM });
  const { a, b } = search;
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(text.title)}</title>
      <div>
        <Breadcrumb to="/executions" label={words.title} keep={listOf} />
        <h1 className="text-lg leading-7 font-semibold">{text.title}</h1>
      </div>
      {a && b ? <Pair a={a} b={b} search={search} /> : <Choose />}
    </div>
  );
}

function Choose(): ReactNode {
  return (
    <section className="flex flex-col items-start gap-3 rounded-lg border bg-surface p-6">
      <p>{text.choose}</p>
      <Link to="/executions" search={(previous) => listOf(previous)} className={buttonClass()}>
        {text.toList}
      </Link>
    </section>
  );
}

function Pair(props: { a: string; b: string; search: CompareSearch }): ReactNode {
  const { a, b, search } = props;
  const { project } = useView();
  const navigate = useNavigate();
  const query = useQuery(comparisonQuery(project.id, a, b));
  const change = (patch: CompareSearch): void =>
    void navigate({
      to: '/executions/compare',
      search: (previous) => ({ ...previous, ...patch }),
      replace: true,
      resetScroll: false,
    });
  return (
    <QueryContent what={text.what} query={query} skeleton={<TableSkeleton rows={14} />}>
      {(data) => <Compared data={data} search={search} onChange={change} />}
    </QueryContent>
  );
}

function Compared(props: {
  data: ExecutionComparison;
  search: CompareSearch;
  onChange: (patch: CompareSearch) => void;
}): ReactNode {
  const { data, search, onChange } = props;
  return (
    <div className="flex flex-col gap-3">
      <div className="grid items-stretch gap-3 sm:grid-cols-[1fr_auto_1fr] sm:items-center">
        <Side letter="a" row={data.a} time={data.aTime} />
        <Button
          aria-label={text.swap}
          title={text.swap}
          className="max-sm:w-fit max-sm:justify-self-center"
          onClick={() => onChange({ a: data.b.id, b: data.a.id })}
        >
          <Icon name="swap" size={14} />
        </Button>
        <Side letter="b" row={data.b} time={data.bTime} />
      </div>
      {data.a.workflowId !== data.b.workflowId && (
        <p className="text-xs text-warn">{text.otherWorkflows}</p>
      )}
      <Card title={text.differences} testId="differences">
        <Differences of={differencesOf(data)} />
      </Card>
      <Steps data={data} search={search} onChange={onChange} />
    </div>
  );
}
