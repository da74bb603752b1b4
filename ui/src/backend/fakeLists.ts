import type {
  ConcernSummary,
  HoldReason,
  HoldView,
  Judge,
  ReviewedCheck,
  ReviewedChip,
  ReviewedVisit,
  ReviewOutcome,
  ReviewsScreen,
  TaskView,
  TodayScreen,
  VisitRow,
} from "./bindings";
import { amsel, buntspecht, clerk, colleague, habicht, kiebitz, onFile, supervisor } from "./fakePeople";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** So many days after a visit what is personal of it goes. */
const RECORD_DAYS = 14;

function isoDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

const KVNR = {
  carolinataube: "C••••••908",
  fasan: "F••••••231",
  graugans: "G••••••344",
  ibis: "I••••••562",
};

function concern(kvnrMasked: string, more: Partial<ConcernSummary> = {}): ConcernSummary {
  return {
    kvnrMasked,
    purpose: "app_activation",
    refused: null,
    reference: null,
    code: null,
    blocking: null,
    ...more,
  };
}

/** A visit that began `before` milliseconds before `now` and took `minutes`; `null`: it isn't over. */
function visit(
  id: string,
  now: number,
  before: number,
  minutes: number | null,
  concerns: ConcernSummary[],
  more: Partial<VisitRow> = {},
): VisitRow {
  const openedAt = now - before;
  return {
    id,
    openedAt: new Date(openedAt).toISOString(),
    closedAt: minutes === null ? null : new Date(openedAt + minutes * MINUTE).toISOString(),
    operator: clerk.id,
    second: null,
    aborted: false,
    refused: null,
    representative: false,
    wiped: false,
    concerns,
    review: null,
    deleteOn: more.wiped === true || minutes === null ? null : isoDay(openedAt + RECORD_DAYS * DAY),
    held: null,
    restricted: false,
    offline: false,
    ...more,
  };
}

/** A supervisor has kept a visit since `at`. */
export function hold(at: number, reason: HoldReason = "complaint"): HoldView {
  return { since: new Date(at).toISOString(), by: supervisor.name, reason };
}

const forAmsel = concern(amsel.kvnrMasked, {
  purpose: "representative_access",
  reference: "A-7KQ4XR9BTW",
  code: "active",
});
const forHabicht = concern(habicht.kvnrMasked, {
  purpose: "representative_access",
  refused: "provisional_expired",
});
const withSecond = { second: colleague.id, representative: true };

/** A clerk's morning, latest visit first. */
export function fakeToday(now: number): TodayScreen {
  return {
    visits: [
      visit(
        "v-9",
        now,
        9 * MINUTE,
        4,
        [concern(kiebitz.kvnrMasked, { reference: "A-M3PWC6YNKH", code: "handed_over" })],
        { deleteOn: null },
      ),
      fakeBlocking(now),
      visit("v-8", now, 21 * MINUTE, 2, [concern(KVNR.graugans)], { aborted: true, wiped: true }),
      visit("v-7", now, 38 * MINUTE, 9, [forAmsel, forHabicht], withSecond),
      visit("v-6", now, 52 * MINUTE, 3, [concern(KVNR.ibis)], { aborted: true, refused: "document_expired" }),
      visit("v-5", now, 64 * MINUTE, 6, [
        concern(buntspecht.kvnrMasked, { reference: "A-H8D3MPWCRZ", code: "active" }),
      ]),
      visit(
        "v-4",
        now,
        73 * MINUTE,
        5,
        [concern(KVNR.fasan, { reference: "A-TW2BABCDFG", code: "voided" })],
        { held: hold(now - 20 * MINUTE) },
      ),
    ],
  };
}

/** Codes that were blocked this morning. */
export function fakeBlocking(now: number): VisitRow {
  const blocking = { target: "codes", state: "in_force" } as const;
  return visit("r-9", now, 14 * MINUTE, 0, [concern(KVNR.carolinataube, { purpose: null, blocking })]);
}

/** A supervisor's morning: four to look at, two looked at before. */
export function fakeReviews(now: number): ReviewsScreen {
  const forKiebitz = concern(kiebitz.kvnrMasked, {
    purpose: "epa",
    reference: "A-M3PWC6YNKH",
    code: "active",
  });
  const forFasan = concern(KVNR.fasan, { reference: "A-9BTWXR2H8D", code: "active" });
  const forTaube = concern(KVNR.carolinataube, { reference: "A-KMNQ6YNK7K", code: "revoked" });
  const forGraugans = concern(KVNR.graugans, { reference: "A-WXYZ345678", code: "active" });
  return {
    visits: [
      visit("r-1", now, 3 * DAY + 22 * MINUTE, 9, [forAmsel, forHabicht], withSecond),
      visit("r-2", now, 3 * DAY - 95 * MINUTE, 4, [forKiebitz], { operator: colleague.id, second: clerk.id }),
      visit("r-3", now, 64 * MINUTE, 3, [concern(KVNR.ibis)], { aborted: true, refused: "document_expired" }),
      visit("r-4", now, 40 * MINUTE, 5, [forFasan], { second: supervisor.id }),
      visit("r-5", now, 4 * DAY, 5, [forTaube], { review: "substantial_defect" }),
      visit("r-6", now, 5 * DAY, 4, [forGraugans], { review: "agree", held: hold(now - 2 * DAY) }),
    ],
    selected: null,
    tasks: [],
    erasures: [],
    alerts: [],
  };
}

/** What `row` says once somebody has told why they look. */
export function opened(row: VisitRow): VisitRow {
  if (!row.restricted) return row;
  const forFasan = concern(KVNR.fasan, { reference: "A-9BTWXR2H8D", code: "active" });
  return { ...row, restricted: false, concerns: [forFasan] };
}

/** How much of it waits for a supervisor. */
export function fakeTaskCount({ tasks, erasures, alerts }: ReviewsScreen): number {
  return tasks.length + erasures.length + alerts.length;
}

/** A morning with one of each: a code given out without a line, a visit that is only kept still. */
export function fakeReviewsCare(now: number): ReviewsScreen {
  const at = (before: number) => new Date(now - before).toISOString();
  const reviews = fakeReviews(now);
  const offline = visit(
    "r-7",
    now,
    26 * 60 * MINUTE,
    5,
    [concern(KVNR.ibis, { reference: "A-TW2BABCDFG", code: "active" })],
    { offline: true },
  );
  const kept = visit("r-8", now, 40 * DAY, 6, [], {
    review: "agree",
    held: hold(now - 38 * DAY, "legal_proceedings"),
    deleteOn: isoDay(now - 26 * DAY),
    restricted: true,
  });
  return {
    ...reviews,
    visits: [offline, ...reviews.visits, kept],
    erasures: [{ at: at(DAY + 3 * MINUTE), triedAt: at(4 * MINUTE) }],
    alerts: [
      { staffId: clerk.id, staff: clerk.name, hour: at(now % (60 * MINUTE)), lookUps: 16, withoutVisit: 13 },
      {
        staffId: supervisor.id,
        staff: supervisor.name,
        hour: at((now % (60 * MINUTE)) + DAY),
        lookUps: 12,
        withoutVisit: 11,
      },
    ],
  };
}

const checks: ReviewedCheck[] = [
  { title: { de: "Vorderseite", en: "Front" }, answer: "pass" },
  { title: { de: "Kippen", en: "Tilt" }, answer: "pass" },
  { title: { de: "Rückseite", en: "Back" }, answer: "pass" },
  { title: { de: "UV-Licht", en: "UV light" }, answer: "pass" },
];

const chip: ReviewedChip = {
  consent: "tapped",
  data: "valid",
  copy: "valid",
  nameAgrees: true,
  printAgrees: true,
};

/** What was proven in `row`, for a supervisor with the id `reader`. */
export function fakeReviewed(row: VisitRow, reader: string): ReviewedVisit {
  const wasRefused = row.refused !== null;
  const isEpa = row.concerns.some(({ purpose }) => purpose === "epa");
  const authority = onFile[amsel.kvnrMasked];
  return {
    row,
    carer: row.representative ? "professional" : null,
    document: { de: "Personalausweis ab 08/2021", en: "Identity card from 08/2021" },
    checks: wasRefused ? [] : checks,
    chip: isEpa ? chip : null,
    names: wasRefused ? null : "pass",
    face: wasRefused ? null : row.second === supervisor.id ? "doubt" : "matches",
    secondAnswer: row.second === null ? null : "matches",
    level: wasRefused ? "none" : isEpa ? "high" : "substantial",
    authorities:
      row.representative && authority !== undefined
        ? [
            {
              ...authority,
              confirmedOn: row.openedAt.slice(0, 10),
              declarationNeeded: false,
              seenAs: "original",
            },
          ]
        : [],
    judge: judgeOf(row, reader),
  };
}

/** The supervisor has signed: a substantial defect revokes the visit's codes. */
export function fakeJudge(reviews: ReviewsScreen, id: string, outcome: ReviewOutcome) {
  const row = reviews.visits.find((each) => each.id === id);
  reviews.selected = null;
  if (row === undefined) return;
  row.review = outcome;
  if (outcome !== "substantial_defect") return;
  for (const each of row.concerns) if (each.code !== null) each.code = "revoked";
}

function judgeOf(row: VisitRow, reader: string): Judge {
  if (row.review !== null) return "judged";
  if (row.concerns.some(({ blocking }) => blocking !== null)) return "not_needed";
  if (row.closedAt === null) return "not_over";
  return row.operator === reader || row.second === reader ? "took_part" : "may";
}

/** What waits for a supervisor: a code that doesn't work, one that may still work, and a piece of the journal. */
export function fakeTasks(now: number): TaskView[] {
  const since = (before: number) => new Date(now - before).toISOString();
  return [
    {
      id: "t-1",
      since: since(DAY + 90 * MINUTE),
      what: "code",
      why: { kind: "refused", problem: "REGISTRATION_UNKNOWN" },
      reference: "A-7KQ4XR9BTW",
      visit: "r-1",
    },
    {
      id: "t-2",
      since: since(55 * MINUTE),
      what: "void",
      why: { kind: "unreadable" },
      reference: "A-9BTWXR2H8D",
      visit: "r-4",
    },
    {
      id: "t-3",
      since: since(12 * MINUTE),
      what: "segment",
      why: { kind: "refused", problem: "SEGMENT_OUT_OF_ORDER" },
      reference: null,
      visit: null,
    },
  ];
}
