//! A desk: its store, its key, its line to the service; and whole visits led at it.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use account::{AccountClient, DeskIdentity, Endpoint, Proxy, SealingKey, Timeouts, Trust};
use account_service::Service;
use anyhow::{Context, Result, ensure};
use identification::{ActivationCode, Command, Policy, Recorded, Stage, Visit, VisitId, decide};
use serde::{Deserialize, Serialize};
use store::{Batch, DatabaseKey, Depth, Record, RecordLink, Store, VisitRow, VisitState};
use zeroize::Zeroizing;

use super::{
    clock, evidence,
    marks::Marks,
    outbox::{Pen, Turn},
    people::Insured,
    rules::{self, Way},
};

/// The key of every database here: random keys in a keyring are tested elsewhere.
const DATABASE_KEY: [u8; DatabaseKey::LENGTH] = [0x5a; DatabaseKey::LENGTH];
/// Longest sleep of a desk that waits for its next attempt.
const NAP: Duration = Duration::from_millis(200);

/// What a desk needs to be set up, wherever it runs.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Papers {
    url: String,
    authorities: String,
    private_key: Vec<u8>,
    certificate_chain: String,
    /// How long an exchange may take.
    patience: Duration,
}

impl Papers {
    /// Enrols a desk.
    pub(crate) async fn enrol(service: &Service, name: &str, patience: Duration) -> Result<Self> {
        let (url, authorities) = (service.url(), service.ca_certificate().to_owned());
        let token = service.enrolment_token(name)?;
        let identity = account::enrol(&endpoint(&url, &authorities, patience), &token).await?;
        Ok(Self {
            url,
            authorities,
            private_key: identity.private_key().to_vec(),
            certificate_chain: identity.certificate_chain().to_owned(),
            patience,
        })
    }

    fn identity(&self) -> Result<DeskIdentity> {
        let private_key = Zeroizing::new(self.private_key.clone());
        Ok(DeskIdentity::from_parts(private_key, self.certificate_chain.clone())?)
    }
}

fn endpoint(url: &str, authorities: &str, patience: Duration) -> Endpoint {
    let timeouts = Timeouts { exchange: patience, ..Timeouts::default() };
    Endpoint { url: url.to_owned(), trust: Trust::Only(authorities.to_owned()), proxy: Proxy::None, timeouts }
}

/// The key of every database here.
pub(crate) fn database_key() -> Result<DatabaseKey> {
    DatabaseKey::new(&DATABASE_KEY).context("a key's length")
}

/// A desk at work.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) identity: DeskIdentity,
    pub(crate) client: AccountClient,
    pub(crate) authorities: String,
    pub(crate) marks: Marks,
    chain: Chain,
    sealing_key: SealingKey,
    policy: Policy,
}

/// Where it stands which record of the desk was the last one.
enum Chain {
    /// In its store, as with a real desk.
    Stored,
    /// Here: the store is shared with other desks, and has one chain only.
    Remembered(Mutex<RecordLink>),
}

impl Desk {
    /// Opens the desk whose store lies in `folder`.
    pub(crate) fn open(
        folder: &Path,
        papers: &Papers,
        sealing_key: SealingKey,
        marks: Marks,
    ) -> Result<Self> {
        marks.pass("before opening");
        let store = Store::open(folder, &database_key()?)?;
        marks.pass("behind opening");
        Self::at(store, papers, sealing_key, marks, Chain::Stored)
    }

    /// Another desk, new, at the store of this one.
    pub(crate) fn beside(&self, papers: &Papers) -> Result<Self> {
        let chain = Chain::Remembered(Mutex::new(RecordLink::START));
        Self::at(self.store.clone(), papers, self.sealing_key.clone(), Marks::default(), chain)
    }

    fn at(
        store: Store,
        papers: &Papers,
        sealing_key: SealingKey,
        marks: Marks,
        chain: Chain,
    ) -> Result<Self> {
        let Papers { url, authorities, patience, .. } = papers;
        let identity = papers.identity()?;
        let client = AccountClient::new(&endpoint(url, authorities, *patience), &identity)?;
        let policy = rules::policy(clock::at_the_desk().date());
        let authorities = authorities.clone();
        Ok(Self { store, identity, client, authorities, marks, chain, sealing_key, policy })
    }

    /// The key that the service's codes are sealed to.
    pub(crate) async fn ask_sealing_key(papers: &Papers) -> Result<SealingKey> {
        let endpoint = endpoint(&papers.url, &papers.authorities, papers.patience);
        Ok(AccountClient::new(&endpoint, &papers.identity()?)?.sealing_key().await?)
    }

    /// A visit from the journal.
    pub(crate) fn load(&self, id: VisitId) -> Result<Visit> {
        let events = self.store.events(id)?;
        let recorded =
            events.iter().filter_map(|it| it.event().transpose()).collect::<Result<Vec<_>, _>>()?;
        Ok(Visit::replay(&recorded))
    }

    /// Commands in turn: decided, on disk in one batch with the records that follow from them, then in the visit.
    pub(crate) fn apply(&self, visit: Visit, commands: Vec<Command>) -> Result<Visit> {
        let now = clock::at_the_desk();
        let at = now.timestamp();
        let mut sealed = String::new();
        let (mut after, mut events) = (visit, Vec::new());
        for command in commands {
            if matches!(command, Command::Issue { .. }) {
                let code = ActivationCode::from_entropy(&mut clock::entropy);
                sealed = account::seal(code.expose(), &self.sealing_key)?;
            }
            for event in decide(&after, command, &self.policy, &now)? {
                after = after.evolve(&Recorded { at, event: event.clone() });
                events.push(event);
            }
        }
        let id = after.id.context("a visit without an id")?;
        let mut remembered = match &self.chain {
            Chain::Stored => None,
            Chain::Remembered(last) => Some(last.lock().unwrap_or_else(PoisonError::into_inner)),
        };
        let last = remembered.as_deref().map_or_else(|| self.store.last_record(), |last| Ok(*last))?;
        let mut pen = Pen::new(&self.identity, last);
        let mut outbox = evidence::rows(&after, &events, &mut pen, &sealed, at)?;
        if remembered.is_some() {
            outbox.iter_mut().for_each(|row| row.link = None);
        }
        let records =
            events.iter().map(|it| Record::new(clock::id(), id, it)).collect::<Result<Vec<_>, _>>()?;
        let confirmed = confirmation(id, &records);
        let visit_row = Some(visit_row(&after, at)?);
        // A visit without a code is wiped with its end.
        let leaves_nothing = matches!(after.stage, Stage::Aborted(_)) && !after.has_codes();
        let erase = if leaves_nothing { personal(&after) } else { Vec::new() };
        self.marks.pass("before a batch");
        self.store.append(Batch { visit: id, at, records, outbox, visit_row, erase }, &mut clock::entropy)?;
        if let Some(remembered) = &mut remembered {
            **remembered = pen.last();
        }
        self.marks.tell(&confirmed);
        self.marks.pass("behind a batch");
        Ok(after)
    }

    /// Leads a visit from where it stands to its end, a command at a time.
    pub(crate) fn lead(&self, mut visit: Visit, way: Way, insured: &Insured) -> Result<()> {
        let today = clock::at_the_desk().date();
        while let Some(command) = rules::next(&visit, way, insured, today)? {
            visit = self.apply(visit, vec![command])?;
        }
        Ok(())
    }

    /// Leads a whole visit in two batches, as if the clerk took no time: to the sheet on paper, and to the end.
    pub(crate) fn lead_at_once(&self, insured: &Insured) -> Result<VisitId> {
        let now = clock::at_the_desk();
        let (id, opening) = rules::opens(insured)?;
        let (mut commands, mut imagined) = (vec![opening.clone()], self.imagine(Visit::default(), opening)?);
        while let Some(command) = rules::next(&imagined, Way::Gives, insured, now.date())? {
            let printed = matches!(command, Command::Printed);
            imagined = self.imagine(imagined, command.clone())?;
            commands.push(command);
            if printed {
                break;
            }
        }
        let visit = self.apply(Visit::default(), commands)?;
        let hand_over = rules::next(&visit, Way::Gives, insured, now.date())?.context("a hand-over")?;
        self.apply(visit, vec![hand_over, Command::End])?;
        Ok(id)
    }

    fn imagine(&self, visit: Visit, command: Command) -> Result<Visit> {
        let now = clock::at_the_desk();
        let events = decide(&visit, command, &self.policy, &now)?;
        let recorded = events.into_iter().map(|event| Recorded { at: now.timestamp(), event });
        Ok(recorded.fold(visit, |visit, it| visit.evolve(&it)))
    }

    /// Goes on with what the last process left open.
    pub(crate) fn go_on(&self, people: &[Insured]) -> Result<()> {
        for (id, _) in self.store.open_visits()? {
            let mut visit = self.load(id)?;
            if visit.in_tray().is_some() {
                visit = self.apply(visit.clone(), vec![rules::after_an_interruption(&visit)?])?;
            }
            visit = self.apply(visit.clone(), vec![rules::after_an_interruption(&visit)?])?;
            let kvnr = visit.concerns.first().context("a visit without a concern")?.subject.kvnr.clone();
            let insured =
                people.iter().find(|it| it.kvnr == kvnr.as_str()).context("nobody has that number")?;
            self.lead(visit, Way::of(id), insured)?;
        }
        Ok(())
    }

    /// Delivers until nothing waits any more.
    pub(crate) async fn deliver_all(&self) -> Result<()> {
        loop {
            match self.turn().await? {
                Turn::Delivered { .. } => {}
                Turn::Waits | Turn::Nothing => {
                    let Depth { waiting, next_due, .. } = self.store.depth()?;
                    if waiting == 0 {
                        return Ok(());
                    }
                    let due = next_due.map(|at| clock::now().duration_until(at)).unwrap_or_default();
                    tokio::time::sleep(Duration::try_from(due).unwrap_or_default().min(NAP)).await;
                }
            }
        }
    }

    /// Nothing waits, nothing was refused, nothing can't be read.
    pub(crate) fn has_delivered(&self) -> Result<()> {
        let Depth { waiting, refused, parked, unreadable, .. } = self.store.depth()?;
        ensure!((waiting, refused, parked, unreadable) == (0, 0, 0, 0), "the outbox is not empty");
        Ok(())
    }
}

/// What a watched process says when a batch is on disk: the visit, and the ids of its events.
fn confirmation(visit: VisitId, records: &[Record]) -> String {
    let ids = [visit.uuid()].into_iter().chain(records.iter().map(|it| it.id));
    ids.fold("confirmed".to_owned(), |line, id| format!("{line} {id}"))
}

fn personal(visit: &Visit) -> Vec<identification::Scope> {
    let people = visit.identifications.iter().map(|it| identification::Scope::Identification(it.id));
    people.chain(visit.concerns.iter().map(|it| identification::Scope::Concern(it.id))).collect()
}

fn visit_row(visit: &Visit, at: jiff::Timestamp) -> Result<VisitRow> {
    Ok(VisitRow {
        state: match visit.stage {
            Stage::Unopened | Stage::Open => VisitState::Open,
            Stage::Ended => VisitState::Ended { at },
            Stage::Aborted(_) => VisitState::Aborted { at },
        },
        operator: visit.operator.clone().context("nobody works on it")?,
        opened_at: visit.opened_at.context("it never began")?,
        changed_at: at,
        review: None,
        delete_after: None,
        held: None,
    })
}
