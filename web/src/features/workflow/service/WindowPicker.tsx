import type { ReactNode } from 'react';
import { Picker } from '@/components/Picker';
import { workflow as words } from '@/words';
import { WINDOWS, type Window } from '../search';

const SAID = words.service;

/** Chooses the window that a service level is judged over. */
export function WindowPicker(props: {
  shown: Window | undefined;
  onPick: (window: Window) => void;
}): ReactNode {
  const { shown } = props;
  return (
    <Picker
      label={SAID.window}
      icon="calendar"
      text={shown ? SAID.windows[shown] : SAID.window}
      selected={shown ?? ''}
      options={WINDOWS.map((value) => ({ value, label: SAID.windows[value] }))}
      onPick={(value) => props.onPick(value as Window)}
      testId="service-window"
    />
  );
}
