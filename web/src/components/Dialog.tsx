import type { ReactNode } from 'react';
import { components as words } from '@/words';
import { Button } from './Button';
import { Form, FormProblem, Submit } from './form/Form';
import type { Refusals } from './form/failure';
import type { Values } from './form/values';
import { Modal } from './Modal';

interface Props {
  title: string;
  lead?: ReactNode;
  /** The label of the submit button. */
  action: string;
  danger?: boolean;
  disabled?: boolean;
  open: boolean;
  onClose: () => void;
  /** Submits the dialog. If it fails, the dialog stays open and says why; if it succeeds, the caller closes the dialog. */
  onSubmit: (values: Values) => Promise<void>;
  refusals?: Refusals;
  wide?: boolean;
  children?: ReactNode;
}

/** A modal dialog with a form. */
export function Dialog(props: Props): ReactNode {
  return (
    <Modal
      label={props.title}
      open={props.open}
      onClose={props.onClose}
      className={props.wide ? 'max-w-xl' : 'max-w-md'}
    >
      <div className="flex flex-col gap-4 p-5">
        <DialogHead title={props.title} lead={props.lead} />
        <Form onSubmit={props.onSubmit} refusals={props.refusals}>
          {props.children}
          <FormProblem />
          <div className="flex justify-end gap-2">
            <Button onClick={props.onClose}>{words.cancel}</Button>
            <Submit danger={props.danger} disabled={props.disabled}>
              {props.action}
            </Submit>
          </div>
        </Form>
      </div>
    </Modal>
  );
}

/** The heading of a dialog. */
export function DialogHead({ title, lead }: { title: string; lead?: ReactNode }): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      <h2 className="text-base font-semibold wrap-anywhere">{title}</h2>
      {lead && <div className="text-ink-2">{lead}</div>}
    </div>
  );
}
