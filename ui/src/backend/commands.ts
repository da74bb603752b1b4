import type { CheckInput, ConcernInput, DocumentInput, FaceInput, HandOverInput, Snapshot } from "./bindings";

/** Every command of the shell: what it takes and what it gives. */
export type Commands = {
  snapshot: () => Snapshot;
  cancel_reading: () => void;
  read_again: () => void;
  choose_concern: (input: ConcernInput) => void;
  enter_document: (input: DocumentInput) => void;
  answer_check: (input: CheckInput) => void;
  answer_face: (input: FaceInput) => void;
  confirm_document: () => void;
  sign_and_print: () => void;
  hand_over: (input: HandOverInput) => void;
  discard_code: () => void;
  go_back: () => void;
  abort_visit: () => void;
  finish_visit: () => void;
};

export type CommandName = keyof Commands;
export type InputOf<Name extends CommandName> = Parameters<Commands[Name]>;
export type OutputOf<Name extends CommandName> = ReturnType<Commands[Name]>;

/** Sends a command; rejects with an `AppError`. */
export type Call = <Name extends CommandName>(name: Name, ...input: InputOf<Name>) => Promise<OutputOf<Name>>;
