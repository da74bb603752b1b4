import type {
  BlockInput,
  AccessAlertId,
  CanInput,
  CarerInput,
  CheckInput,
  ChipConsentInput,
  ChipKeyInput,
  ConcernId,
  ConcernInput,
  DocumentInput,
  FaceInput,
  FindInput,
  HandOverInput,
  HoldInput,
  OpenInput,
  PersonInput,
  ProofInput,
  ReviewInput,
  SecondLookInput,
  SignInInput,
  PinEntryInput,
  SignInput,
  Snapshot,
  TaskId,
  VisitId,
} from "./bindings";

/** Every command of the shell: what it takes and what it gives. */
export type Commands = {
  snapshot: () => Snapshot;
  sign_in: (input: SignInInput) => void;
  sign_out: () => void;
  lock: () => void;
  unlock: (input: SignInInput) => void;
  resume_visit: () => void;
  discard_interrupted: () => void;
  cancel_reading: () => void;
  read_again: () => void;
  enter_can: (input: CanInput) => void;
  prove_with_pin: (input: PinEntryInput) => void;
  cancel_pin: () => void;
  begin_with_number: (input: PersonInput) => void;
  begin_as_carer: (input: CarerInput) => void;
  add_person: (input: PersonInput) => void;
  present_proof: (input: ProofInput) => void;
  withdraw_concern: (input: ConcernId) => void;
  confirm_concerns: () => void;
  choose_concern: (input: ConcernInput) => void;
  enter_document: (input: DocumentInput) => void;
  agree_to_chip: (input: ChipConsentInput) => void;
  decline_chip: () => void;
  print_chip_consent: () => void;
  open_chip: (input: ChipKeyInput) => void;
  cancel_chip: () => void;
  revoke_chip: () => void;
  answer_check: (input: CheckInput) => void;
  confirm_document: () => void;
  answer_face: (input: FaceInput) => void;
  second_look: (input: SecondLookInput) => void;
  sign_and_print: (input: SignInput) => void;
  hand_over: (input: HandOverInput) => void;
  discard_code: () => void;
  go_back: () => void;
  abort_visit: () => void;
  refuse_visit: () => void;
  print_refusal: (input: ConcernId) => void;
  finish_visit: () => void;
  show_today: () => void;
  show_reviews: () => void;
  open_review: (input: OpenInput) => void;
  review: (input: ReviewInput) => void;
  hold_visit: (input: HoldInput) => void;
  release_hold: (input: VisitId) => void;
  close_task: (input: TaskId) => void;
  close_access_alert: (input: AccessAlertId) => void;
  show_search: () => void;
  find_visit: (input: FindInput) => void;
  show_block: () => void;
  block: (input: BlockInput) => void;
  show_about: () => void;
  show_start: () => void;
  try_again: () => void;
  export_undelivered: () => void;
  begin_anew: () => void;
};

export type CommandName = keyof Commands;
export type InputOf<Name extends CommandName> = Parameters<Commands[Name]>;
export type OutputOf<Name extends CommandName> = ReturnType<Commands[Name]>;

/** Sends a command; rejects with an `AppError`. */
export type Call = <Name extends CommandName>(name: Name, ...input: InputOf<Name>) => Promise<OutputOf<Name>>;
