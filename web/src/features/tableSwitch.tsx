import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { chart as words } from '@/words';
import { toggled } from '@/lib/list';
import { usePageSearch, useSetSearch } from './view';

/** The switch between a chart and its table; the URL names the charts that are shown as tables. */
export function useTableSwitch(chart: string): [boolean, ReactNode] {
  const { table } = usePageSearch();
  const setSearch = useSetSearch();
  const asTable = table?.includes(chart) ?? false;
  const label = asTable ? words.asChart : words.asTable;
  return [
    asTable,
    <Button
      key="table"
      kind="quiet"
      small
      aria-label={label}
      title={label}
      onClick={() => setSearch({ table: toggled(table, chart) }, { replace: true })}
    >
      <Icon name={asTable ? 'chart' : 'table'} size={14} />
    </Button>,
  ];
}
