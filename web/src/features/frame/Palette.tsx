import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { Modal } from '@/components/Modal';
import { OptionList } from '@/components/OptionList';
import { openPanel, usePanel } from '@/lib/panel';
import { PRESETS } from '@/lib/range';
import { frameOf } from '@/lib/search';
import { chooseTheme } from '@/lib/theme';
import { useSession } from '../session';
import { sectionsFor, type SectionPath } from '../settings/sections';
import { useSetRange, useView } from '../view';
import { useWorkflowNames } from '../workflowNames';
import { useCompareSwitch } from './compare';

type Place = '/' | '/workflows' | '/executions' | '/errors' | SectionPath;

interface Command {
  value: string;
  label: string;
  detail: string;
  run: () => void;
}

function useCommands(open: boolean): Command[] {
  const navigate = useNavigate();
  const setRange = useSetRange();
  const compare = useCompareSwitch();
  const view = useView();
  const session = useSession();
  const names = useWorkflowNames(view, open);
  return useMemo(() => {
    const go = (to: Place) => () => void navigate({ to, search: (previous) => frameOf(previous) });
    const open = (id: string) => () =>
      void navigate({
        to: '/workflows/$id',
        params: { id },
        search: (previous) => ({ ...frameOf(previous), workflow: undefined }),
      });
    return [
      { value: 'go overview', label: 'Overview', detail: 'go', run: go('/') },
      { value: 'go workflows', label: 'Workflows', detail: 'go', run: go('/workflows') },
      { value: 'go executions', label: 'Executions', detail: 'go', run: go('/executions') },
      { value: 'go errors', label: 'Errors', detail: 'go', run: go('/errors') },
      ...sectionsFor(session).map((section) => ({
        value: `go ${section.to}`,
        label: `Settings: ${section.label}`,
        detail: 'go',
        run: go(section.to),
      })),
      ...names.list.map((entry) => ({
        value: `workflow ${entry.id}`,
        label: entry.name,
        detail: 'workflow',
        run: open(entry.id),
      })),
      ...PRESETS.map((preset) => ({
        value: `range ${preset.value}`,
        label: preset.label,
        detail: 'range',
        run: () =>
          setRange(preset.value === 'all' ? { kind: 'all' } : { kind: 'last', last: preset.value }),
      })),
      {
        value: 'compare',
        label: compare.compare ? 'Stop comparing' : 'Compare with the previous period',
        detail: 'c',
        run: compare.toggle,
      },
      ...(['light', 'dark', 'system'] as const).map((theme) => ({
        value: `theme ${theme}`,
        label: `Theme: ${theme}`,
        detail: 'theme',
        run: () => chooseTheme(theme),
      })),
      {
        value: 'help',
        label: 'Keyboard shortcuts',
        detail: '?',
        run: () => openPanel('help'),
      },
    ];
  }, [navigate, setRange, compare.compare, compare.toggle, names.list, session]);
}

/** Every command, found by typing part of its name. */
export function Palette(): ReactNode {
  const [open, setOpen] = usePanel('palette');
  const commands = useCommands(open);
  return (
    <Modal
      label="Commands"
      open={open}
      onClose={() => setOpen(false)}
      className="max-w-lg [&>div]:w-full"
    >
      <OptionList
        searchable
        label="Commands"
        placeholder="Search pages, workflows and commands"
        selected={[]}
        options={commands}
        onPick={(value) => {
          setOpen(false);
          commands.find((command) => command.value === value)?.run();
        }}
      />
    </Modal>
  );
}
