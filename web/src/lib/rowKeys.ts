import { useEffect, type RefObject } from 'react';
import { typing } from './heldKeys';

/**
 * Moves between the rows of a list with `j` and `k`, and from its search field into it with the down key. What can be
 * focused in a row carries `data-row-link`, so Enter opens the row as it opens any link.
 */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || !list.current) return;
      const rows = [...list.current.querySelectorAll<HTMLElement>('[data-row-link]')];
      const fromSearch =
        event.key === 'ArrowDown' &&
        (event.target as HTMLElement | null)?.matches?.('[data-search]');
      if (!fromSearch && (typing(event.target) || (event.key !== 'j' && event.key !== 'k'))) return;
      const at = rows.findIndex((row) => row === document.activeElement);
      const next = fromSearch ? 0 : event.key === 'j' ? at + 1 : Math.max(0, at - 1);
      const row = rows[Math.min(next, rows.length - 1)];
      if (!row) return;
      event.preventDefault();
      row.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [list]);
}
