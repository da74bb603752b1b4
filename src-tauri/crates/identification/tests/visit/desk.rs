//! A desk with a clock that tests move, and what is done at it.

use identification::{
    AbortReason, AccessRule, Aid, Area, CardNumberAsk, CardNumberRule, CardProofLevel, CheckAnswer,
    CheckRule, ChipCheck, ChipConsent, ChipEvidence, ChipKind, ChipRule, ClockRule, Code, CodeId, CodeState,
    Command, Concern, ConcernState, ConsentForm, DatesOn, DocumentRule, Event, FaceAnswer, IssuerGroup, Kvnr,
    Level, Line, OfflineRule, Policy, PublicReference, Purpose, PurposeRule, Receipt, Recorded, Refusal,
    RetentionRule, ReviewOutcome, Reviews, Staff, Visit, VisitNumber, VoidReason, decide,
};
use jiff::{
    Span, Zoned,
    civil::{Date, date},
};

use crate::people::{
    AMSEL, BUNTSPECHT, Bird, CAROLINATAUBE, COLLEAGUE, CONNECTED, amsel_comes, carolinataube_comes, clerk,
    concern, id, names_ward, shows_deed,
};

pub(crate) const TODAY: Date = date(2026, 11, 22);

pub(crate) struct Desk {
    pub(crate) policy: Policy,
    pub(crate) now: Zoned,
    pub(crate) visit: Visit,
    pub(crate) journal: Vec<Recorded>,
    /// The line, at whatever is done.
    pub(crate) line: Line,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let now = TODAY.at(9, 12, 0, 0).in_tz("Europe/Berlin").unwrap();
        Self { policy: policy(), now, visit: Visit::default(), journal: Vec::new(), line: CONNECTED }
    }

    pub(crate) fn attempt(&mut self, mut command: Command) -> Result<(), Refusal> {
        match &mut command {
            Command::Open(opening) => opening.line = self.line,
            Command::Issue { line, .. } => *line = self.line,
            _ => {}
        }
        for event in decide(&self.visit, command, &self.policy, &self.now)? {
            let recorded = Recorded { at: self.now.timestamp(), event };
            self.visit = std::mem::take(&mut self.visit).evolve(&recorded);
            self.journal.push(recorded);
        }
        Ok(())
    }

    /// The journal says so, whatever the rules would have said.
    pub(crate) fn told(mut self, event: Event) -> Self {
        let recorded = Recorded { at: self.now.timestamp(), event };
        self.visit = self.visit.evolve(&recorded);
        self.journal.push(recorded);
        self
    }

    pub(crate) fn after(mut self, commands: impl IntoIterator<Item = Command>) -> Self {
        for command in commands {
            let said = format!("{command:?}");
            self.attempt(command).unwrap_or_else(|refusal| panic!("{said}: {refusal}"));
        }
        self
    }

    pub(crate) fn later(mut self, span: impl Into<Span>) -> Self {
        self.now = self.now.checked_add(span.into()).unwrap();
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }

    pub(crate) fn concern(&self, number: u128) -> &Concern {
        self.visit.concern(concern(number)).unwrap()
    }

    pub(crate) fn state(&self, number: u128) -> ConcernState {
        self.concern(number).state
    }

    /// The line is gone; the service answered until now, and the clerk was here.
    pub(crate) fn without_line(mut self) -> Self {
        let now = Some(self.now.timestamp());
        self.line = Line { connected: false, contact: now, staff_contact: now, ..self.line };
        self
    }

    /// The line is as the test says.
    pub(crate) fn line(mut self, change: impl FnOnce(&mut Line)) -> Self {
        change(&mut self.line);
        self
    }

    /// The latest code of a concern.
    pub(crate) fn code(&self, number: u128) -> &Code {
        self.concern(number).code().unwrap()
    }

    pub(crate) fn code_state(&self, number: u128) -> CodeState {
        self.code(number).state
    }

    pub(crate) fn level(&self) -> Level {
        self.visit.level(&self.policy, self.now.date())
    }

    pub(crate) fn level_on_the_way(&self) -> Level {
        self.visit.level_on_the_way(&self.policy, self.now.date())
    }
}

fn policy() -> Policy {
    let check =
        |id: &str, aids: &[Aid]| CheckRule { id: id.into(), aids: aids.to_vec(), settled: Level::High };
    let front = || vec![check("front", &[Aid::Magnifier, Aid::Tilt, Aid::Ultraviolet])];
    let purpose =
        |purpose, second_look| PurposeRule { purpose, level: Level::Substantial, second_look, step_up: true };
    let document = |id: &str, cap, checks| DocumentRule {
        id: id.into(),
        issuer: IssuerGroup::De,
        cap,
        longest_months: Some(120),
        dates: DatesOn::Zone,
        chip: None,
        checks,
    };
    let chip =
        ChipRule { kind: ChipKind::Passport, legal_basis: "§ 291 Abs. 7 Satz 2 SGB V".into(), face: true };
    let passport_checks = vec![
        check("front", &[Aid::Magnifier]),
        check("tilt", &[Aid::Tilt]),
        check("uv", &[Aid::Ultraviolet]),
    ];

    Policy {
        version: "Beispielkasse 2026-11".into(),
        own_iks: vec!["104178397".into()],
        purposes: vec![purpose(Purpose::AppActivation, false), purpose(Purpose::RepresentativeAccess, true)],
        documents: vec![
            DocumentRule { chip: Some(chip), ..document("reisepass", Level::High, passport_checks) },
            document("personalausweis-2010", Level::High, front()),
            document("vorlaeufiger-personalausweis", Level::Substantial, front()),
            DocumentRule {
                dates: DatesOn::Print { unlimited: false },
                ..document("fuehrerschein", Level::Normal, front())
            },
            DocumentRule {
                dates: DatesOn::Print { unlimited: true },
                ..document("schwerbehindertenausweis", Level::Normal, front())
            },
        ],
        code_valid_days: 14,
        tray_minutes: 15,
        areas_for_access: vec![Area::Health, Area::SocialBenefits],
        confirmation_months: 12,
        second_look_reaches_high: false,
        resume_minutes: 15,
        health_card_proof: CardProofLevel::Chip,
        card_number: CardNumberRule { digits: 6, ask: CardNumberAsk::WithoutChip },
        pin_at_reader: false,
        reviews: Reviews { catalogue: TODAY, checklist: TODAY },
        offline: OfflineRule::MOST,
        clock: ClockRule::MOST,
        retention: RetentionRule::MOST,
        access: AccessRule::MOST,
    }
}

/// The profile offers the electronic health record as well.
pub(crate) fn offers_epa(policy: &mut Policy) {
    let rule = PurposeRule { purpose: Purpose::Epa, level: Level::High, second_look: true, step_up: true };
    policy.purposes.push(rule);
}

/// The profile has the end of the card's number typed from its back, chip or no chip.
pub(crate) fn always_asks(policy: &mut Policy) {
    policy.card_number.ask = CardNumberAsk::Always;
}

pub(crate) fn compares_card_number(number: u128, agrees: bool) -> Command {
    Command::CompareCardNumber { concern: concern(number), agrees }
}

/// The profile has the PIN of the health card typed, for whoever wants to.
pub(crate) fn offers_pin(policy: &mut Policy) {
    policy.pin_at_reader = true;
}

pub(crate) fn types_pin(number: u128, bird: Bird) -> Command {
    Command::ProvePossession { concern: concern(number), kvnr: Kvnr::parse(bird.kvnr).unwrap() }
}

pub(crate) fn chooses_app(number: u128) -> Command {
    chooses(number, Purpose::AppActivation)
}

pub(crate) fn chooses_epa(number: u128) -> Command {
    chooses(number, Purpose::Epa)
}

/// The journal says that somebody came for their electronic health record.
pub(crate) fn came_for_epa(number: u128) -> Event {
    Event::PurposeChosen { concern: concern(number), purpose: Purpose::Epa, visit_number: None }
}

/// The number from the app is on the screen, and nobody can be asked about it.
pub(crate) fn chooses_app_unasked(number: u128) -> Command {
    unasked(chooses_app(number))
}

pub(crate) fn chooses_epa_unasked(number: u128) -> Command {
    unasked(chooses_epa(number))
}

fn unasked(mut command: Command) -> Command {
    if let Command::ChoosePurpose { visit_number_matches, .. } = &mut command {
        *visit_number_matches = None;
    }
    command
}

fn chooses(number: u128, purpose: Purpose) -> Command {
    Command::ChoosePurpose {
        concern: concern(number),
        purpose,
        visit_number: Some(VisitNumber::parse("2222 2222").unwrap()),
        visit_number_matches: Some(true),
    }
}

/// A document on its last day.
pub(crate) fn presents(document_type: &str, bird: Bird) -> Command {
    Command::PresentDocument {
        document_type: document_type.into(),
        birth_date: bird.born,
        register_agrees: true,
        expiry: Some(TODAY),
    }
}

/// The person agrees to the reading of the document's chip.
pub(crate) fn agrees() -> Command {
    Command::AgreeToChip(ChipConsent { form: ConsentForm::Tapped, wording: "chip-consent@1".into() })
}

/// A chip with these outcomes of its two proofs, whose data agree with everything.
pub(crate) fn chip(data: ChipCheck, copy: ChipCheck) -> ChipEvidence {
    ChipEvidence { data, copy, name_agrees: true, print_agrees: true }
}

pub(crate) fn genuine() -> ChipEvidence {
    chip(ChipCheck::Valid, ChipCheck::Valid)
}

pub(crate) fn reads(evidence: ChipEvidence) -> Command {
    Command::RecordChip { evidence }
}

pub(crate) fn answers(check: &str, answer: CheckAnswer) -> Command {
    Command::AnswerCheck { check: check.into(), answer }
}

pub(crate) fn names(answer: CheckAnswer) -> Command {
    Command::CompareNames { answer }
}

pub(crate) fn face(answer: FaceAnswer) -> Command {
    Command::CompareFace { answer }
}

pub(crate) fn matches() -> Command {
    face(FaceAnswer::Matches)
}

/// The passport with everything in order, up to its confirmation.
pub(crate) fn passport(bird: Bird) -> Vec<Command> {
    passport_under_uv(bird, CheckAnswer::Pass)
}

/// The passport with this answer under ultraviolet light, up to its confirmation.
pub(crate) fn passport_under_uv(bird: Bird, uv: CheckAnswer) -> Vec<Command> {
    vec![
        presents("reisepass", bird),
        answers("front", CheckAnswer::Pass),
        answers("tilt", CheckAnswer::Pass),
        answers("uv", uv),
        names(CheckAnswer::Pass),
        Command::ConfirmDocument,
    ]
}

pub(crate) fn looks(by: &str, answer: FaceAnswer) -> Command {
    Command::TakeSecondLook { by: clerk(by), answer }
}

pub(crate) fn colleague_looks() -> Command {
    looks(COLLEAGUE, FaceAnswer::Matches)
}

pub(crate) fn code(number: u128) -> CodeId {
    CodeId::new(id(0x200 + number))
}

/// `A-` and one symbol nine times, with the check symbol that belongs to it.
pub(crate) fn reference(code: u128) -> PublicReference {
    let symbol = u8::try_from(code).unwrap();
    PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(symbol))
}

/// A code with its own id and reference is issued for a concern.
pub(crate) fn issues(number: u128, drawn: u128) -> Command {
    Command::Issue {
        concern: concern(number),
        code: code(drawn),
        reference: reference(drawn),
        line: CONNECTED,
    }
}

pub(crate) fn hands_over(drawn: u128) -> Command {
    Command::HandOver {
        reference_tail: reference(drawn).tail().to_lowercase(),
        receipt: Receipt::Signed,
        returned: true,
    }
}

/// From the clerk's signature to the sheet in the person's hand.
pub(crate) fn gives(number: u128, drawn: u128) -> [Command; 3] {
    [issues(number, drawn), Command::Printed, hands_over(drawn)]
}

pub(crate) fn voids(reason: VoidReason) -> Command {
    Command::VoidCode { reason }
}

pub(crate) fn aborts() -> Command {
    Command::Abort { reason: AbortReason::Clerk }
}

pub(crate) fn reviews(by: Staff, outcome: ReviewOutcome) -> Command {
    Command::Review { by, outcome }
}

/// Andrea Amsel wants her app activated; her document comes next.
pub(crate) fn amsel() -> Desk {
    Desk::new().after([amsel_comes(), chooses_app(1)])
}

/// Nothing is missing for Andrea Amsel's code.
pub(crate) fn amsel_proven() -> Desk {
    amsel().after(passport(AMSEL)).after([matches()])
}

/// Andrea Amsel wants to use her electronic health record; her document comes next.
pub(crate) fn amsel_for_epa() -> Desk {
    Desk::new().with(offers_epa).after([amsel_comes(), chooses_epa(1)])
}

/// … its chip was read, with this outcome; it was looked at, and so was she.
pub(crate) fn amsel_with_chip(evidence: ChipEvidence) -> Desk {
    let mut commands = passport(AMSEL);
    commands.splice(1..1, [agrees(), reads(evidence)]);
    amsel_for_epa().after(commands).after([matches()])
}

/// Charlie Carolinataube has shown the deed for Bernd Buntspecht (concern 1) and is identified.
pub(crate) fn carer_proven() -> Desk {
    Desk::new()
        .after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows_deed(1)])
        .after(passport(CAROLINATAUBE))
        .after([matches()])
}

/// … and a colleague has looked.
pub(crate) fn carer_seconded() -> Desk {
    carer_proven().after([colleague_looks()])
}
