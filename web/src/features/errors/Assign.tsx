import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem, problemMessage } from '@/api/client';
import { assigneesQuery, assignGroup, type Assignee, type ErrorTriage } from '@/api/errors';
import type { Option } from '@/components/OptionList';
import { Picker } from '@/components/Picker';
import { errors } from '@/words';
import { useSession } from '../session';
import { useRefreshErrors } from './refreshErrors';

const words = errors.triage;
const NOBODY = '';
/** From so many people on, the list can be searched. */
const MANY = 8;

const nameOf = ({ name, email }: Assignee): string => name || email;

/** The people to choose from: oneself first, then everyone else, and nobody. */
export function peopleOptions(people: Assignee[], me: string): Option[] {
  const own = people.filter(({ id }) => id === me);
  const others = people.filter(({ id }) => id !== me);
  return [
    ...own.map((person) => ({
      value: person.id,
      label: words.me(nameOf(person)),
      detail: person.email,
    })),
    ...others.map((person) => ({
      value: person.id,
      label: nameOf(person),
      detail: person.email,
    })),
    { value: NOBODY, label: words.nobody },
  ];
}

/** Who looks after a group; those who may decide choose a person. */
export function Assign(props: {
  projectId: string;
  id: string;
  triage: ErrorTriage;
  allowed: boolean;
}): ReactNode {
  const { projectId, id, triage, allowed } = props;
  const me = useSession().user.id;
  const people = useQuery({ ...assigneesQuery(projectId), enabled: allowed });
  const refresh = useRefreshErrors(projectId);
  const assign = useMutation({
    mutationFn: (person: string) => assignGroup(projectId, id, triage, person || null),
    onSettled: refresh,
  });
  const text = triage.assignee ? nameOf(triage.assignee) : words.unassigned;
  if (!allowed) return <span className="text-ink-2">{`${words.assign}: ${text}`}</span>;
  const problem = assign.isError ? asProblem(assign.error) : null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Picker
        label={words.assign}
        icon="user"
        testId="assignee"
        text={text}
        searchable={(people.data?.assignees.length ?? 0) > MANY}
        options={peopleOptions(people.data?.assignees ?? [], me)}
        selected={triage.assignee?.id ?? NOBODY}
        onPick={(person) => assign.mutate(person)}
      />
      {problem && (
        <span role="alert" className="text-xs text-bad">
          {problem.status === 412 ? words.assignOutdated : problemMessage(problem)}
        </span>
      )}
    </div>
  );
}
