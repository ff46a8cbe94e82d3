import { useNavigate, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Option } from '@/components/OptionList';
import { present } from '@/lib/clock';
import { openPanel } from '@/lib/panel';
import { PRESETS } from '@/lib/range';
import { frameOf, stringifySearch } from '@/lib/search';
import { addressOf } from '@/lib/savedPage';
import { frame, views as viewWords } from '@/words';
import { useTimeline } from '../annotations/useTimeline';
import { executionsLink } from '../executionsLink';
import { prefer } from '../preferences/prefer';
import { useSession } from '../session';
import { sectionsFor, type SectionPath } from '../settings/sections';
import { usePageSearch, useSetRange, useSetSearch, useView } from '../view';
import { useSavedViews } from '../views/useSavedViews';
import { useWorkflowNames } from '../workflowNames';
import { useCompareSwitch } from './compare';
import { looksLikeId, useFound } from './found';
import type { PlacePath } from './places';

type Place = Exclude<PlacePath, '/executions'> | SectionPath;

export interface Command extends Option {
  detail: string;
  run: () => void;
}

const words = frame.palette;
const { kinds } = words;

/** Where the commands of a palette lead. */
function useWays() {
  const navigate = useNavigate();
  const router = useRouter();
  return useMemo(
    () => ({
      page: (to: Place) => () => void navigate({ to, search: (previous) => frameOf(previous) }),
      workflow: (id: string) => () =>
        void navigate({
          to: '/workflows/$id',
          params: { id },
          search: (previous) => ({ ...frameOf(previous), workflow: undefined }),
        }),
      error: (group: string) => () =>
        void navigate({
          to: '/errors/$group',
          params: { group },
          search: (previous) => frameOf(previous),
        }),
      address: (href: string) => () => router.history.push(href),
    }),
    [navigate, router],
  );
}

type Ways = ReturnType<typeof useWays>;

/** The pages, and what the text may be the id of. */
function usePages(ways: Ways, text: string): Command[] {
  const session = useSession();
  const view = useView();
  const search = usePageSearch();
  return useMemo(() => {
    const page = (id: string, label: string, run: () => void): Command => ({
      value: `go ${id}`,
      label,
      detail: kinds.page,
      run,
    });
    const id = text.trim();
    const execution = `/executions/${encodeURIComponent(id)}${stringifySearch({ ...frameOf(search) })}`;
    return [
      ...(looksLikeId(id)
        ? [
            {
              value: `execution ${id}`,
              label: words.openExecution(id),
              detail: kinds.execution,
              run: ways.address(execution),
            },
          ]
        : []),
      page('overview', words.overview, ways.page('/')),
      page('workflows', words.workflows, ways.page('/workflows')),
      page('executions', words.executions, ways.address(executionsLink(view))),
      page('errors', words.errors, ways.page('/errors')),
      page('connectors', words.connectors, ways.page('/connectors')),
      page('costs', words.costs, ways.page('/costs')),
      page('activity', words.activity, ways.page('/activity')),
      page('reliability', words.reliability, ways.page('/reliability')),
      page('explore', words.explore, ways.page('/explore')),
      page('annotations', words.annotations, ways.page('/annotations')),
      ...sectionsFor(session).map(({ to, label }) =>
        page(to, words.settings(label), ways.page(to)),
      ),
    ];
  }, [session, view, search, ways, text]);
}

/** The saved views of the project. */
function useViewCommands(ways: Ways): Command[] {
  const { project } = useView();
  const { views } = useSavedViews(project);
  return useMemo(
    () =>
      views.map((view) => ({
        value: `saved view ${view.id}`,
        label: view.name,
        detail: view.shared ? viewWords.kindShared : viewWords.kind,
        run: ways.address(addressOf(view.page, project.id)),
      })),
    [views, project, ways],
  );
}

/** The workflows, users and error groups of the view. */
function useSubjects(ways: Ways, open: boolean, text: string): [Command[], boolean] {
  const view = useView();
  const names = useWorkflowNames(view, open);
  const { found, searching } = useFound(view, open && text.trim().length > 1);
  const commands = useMemo(
    (): Command[] => [
      ...names.list.map(({ id, name }) => ({
        value: `workflow ${id}`,
        label: name,
        detail: kinds.workflow,
        run: ways.workflow(id),
      })),
      ...found.users.map((user) => ({
        value: `user ${user}`,
        label: user,
        detail: kinds.user,
        run: ways.address(executionsLink({ ...view, workflows: [] }, { user })),
      })),
      ...found.errors.map(({ id, title }) => ({
        value: `error ${id}`,
        label: title,
        detail: kinds.error,
        run: ways.error(id),
      })),
    ],
    [names.list, found, view, ways],
  );
  return [commands, searching];
}

/** What changes the page: range, comparison, live updates, theme. */
function useActions(): Command[] {
  const setRange = useSetRange();
  const setSearch = useSetSearch();
  const { compare, toggle } = useCompareSwitch();
  const { live } = usePageSearch();
  const view = useView();
  const { add } = useTimeline(view);
  const end = view.bounds.to;
  return useMemo(() => {
    const action = (
      id: string,
      label: string,
      run: () => void,
      detail = kinds.action,
    ): Command => ({
      value: id,
      label,
      detail,
      run,
    });
    return [
      ...PRESETS.map(({ value, label }) =>
        action(
          `range ${value}`,
          label,
          () => setRange(value === 'all' ? { kind: 'all' } : { kind: 'last', last: value }),
          kinds.range,
        ),
      ),
      action('compare', compare ? words.stopComparing : words.compare, toggle),
      action('live', live === 'off' ? words.resume : words.pause, () =>
        setSearch({ live: live === 'off' ? undefined : 'off' }),
      ),
      ...(add ? [action('annotate', words.annotate, () => add(Math.min(end, present())))] : []),
      action('share', words.copyLink, () => openPanel('share')),
      action('save view', viewWords.save, () => openPanel('save-view')),
      action('views', viewWords.title, () => openPanel('views')),
      ...(['light', 'dark', 'system'] as const).map((theme) =>
        action(`theme ${theme}`, words.theme[theme], () => void prefer({ theme }), kinds.theme),
      ),
      action('help', words.shortcuts, () => openPanel('help')),
    ];
  }, [setRange, setSearch, compare, toggle, live, add, end]);
}

/** Every command of the palette while it is open, and whether more are on their way. */
export function useCommands(
  open: boolean,
  text: string,
): { commands: Command[]; searching: boolean } {
  const ways = useWays();
  const pages = usePages(ways, text);
  const saved = useViewCommands(ways);
  const [subjects, searching] = useSubjects(ways, open, text);
  const actions = useActions();
  return { commands: [...pages, ...saved, ...subjects, ...actions], searching };
}
