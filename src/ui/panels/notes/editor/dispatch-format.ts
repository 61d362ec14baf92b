import { isolateHistory } from '@codemirror/commands';
import type { EditorState, StateCommand, TransactionSpec } from '@codemirror/state';

type Dispatch = Parameters<StateCommand>[0]['dispatch'];

/** Sends a change of the format as one step of Undo, whatever was typed right before it. Gives true: the key has been used. */
export function dispatchFormat(state: EditorState, dispatch: Dispatch, spec: TransactionSpec): true {
  const transaction = state.update(spec, {
    annotations: isolateHistory.of('full'),
    userEvent: 'input.format',
    scrollIntoView: true,
  });
  if (!transaction.changes.empty || transaction.selection) dispatch(transaction);
  return true;
}
