//! What the service's database holds, beside what the desks' files do.

use std::collections::BTreeMap;

use anyhow::Result;
use postgres::{Client, NoTls};

/// What a file of desks holds in the end.
#[derive(Default)]
pub(super) struct Kept {
    /// The desk that each journal is anchored as, and how many events it has.
    pub(super) journals: Vec<(String, u64)>,
    /// Codes that desks have handed over and the service has taken, as the desks know it.
    pub(super) codes: Vec<Code>,
}

/// A code as a desk knows it.
pub(super) struct Code {
    pub(super) desk: String,
    pub(super) id: String,
    pub(super) reference: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    /// Records of each kind that the service has.
    pub(super) identifications: usize,
    pub(super) codes: usize,
    pub(super) hand_overs: usize,
    /// Records whose effect isn't noted exactly once.
    pub(super) effects: usize,
    /// People that don't have exactly one identification and one code, handed over and active.
    pub(super) wrong: usize,
    /// Numbers that are missing in the chains of records, and records that don't name the one before them.
    pub(super) gaps: usize,
    pub(super) forks: usize,
    /// Codes that one side has and the other hasn't, or has with another reference or of another desk.
    pub(super) differing: usize,
    /// Journals that the service doesn't have whole.
    pub(super) journals: usize,
}

/// Everybody's records, not the journals' own.
const OF_VISITS: &str =
    "SELECT split_part(path, '/', 1) || '/' || split_part(path, '/', 3) AS kind, count(*) FROM records
    WHERE body IS NOT NULL GROUP BY 1";
/// The service puts a record into its chain and notes its delivery in one transaction with its effect.
const EFFECTS: &str = "SELECT count(*) FROM records FULL JOIN deliveries USING (path)
    WHERE records.path IS NULL OR deliveries.path IS NULL OR records.desk <> deliveries.desk";
const WRONG_CODES: &str = "SELECT count(*) FROM (SELECT kvnr FROM codes GROUP BY kvnr
    HAVING count(*) <> 1 OR NOT bool_and(state = 'ACTIVE' AND handed_over)) AS wrong";
const WRONG_IDENTIFICATIONS: &str = "SELECT count(*) FROM (SELECT kvnr FROM identified
    JOIN identifications ON id = identification GROUP BY kvnr HAVING count(*) <> 1) AS wrong";
const PEOPLE: [&str; 2] =
    ["SELECT count(DISTINCT kvnr) FROM codes", "SELECT count(DISTINCT kvnr) FROM identified"];
const GAPS: &str = "SELECT CAST(coalesce(sum(last - number), 0) AS BIGINT) FROM
    (SELECT max(seq) AS last, count(*) AS number FROM records GROUP BY desk, life) AS chains";
const FORKS: &str = "SELECT count(*) FROM records AS one JOIN records AS next USING (desk, life)
    WHERE next.seq = one.seq + 1 AND next.prev <> one.hash";
const CODES: &str = "SELECT id, desk, reference FROM codes WHERE state = 'ACTIVE'";
const ANCHORED: &str =
    "SELECT CAST(coalesce(sum(until_seq - from_seq + 1), 0) AS BIGINT) FROM segments WHERE desk = $1";

/// Counts everything in the service's database at that URL, to which `people` came.
pub(super) fn count(url: &str, people: usize, kept: &Kept) -> Result<Counted> {
    let mut client = Client::connect(url, NoTls)?;
    let mut counted = Counted::default();
    for row in client.query(OF_VISITS, &[])? {
        let (kind, number): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let number = usize::try_from(number)?;
        match kind.as_str() {
            "identifications/" => counted.identifications = number,
            "codes/" => counted.codes = number,
            "codes/hand-over" => counted.hand_overs = number,
            "journal-segments/" => {}
            _ => counted.effects += number,
        }
    }
    let mut number = |query: &str| -> Result<usize> {
        Ok(usize::try_from(client.query_one(query, &[])?.try_get::<_, i64>(0)?)?)
    };
    counted.effects += number(EFFECTS)?;
    counted.wrong = number(WRONG_CODES)? + number(WRONG_IDENTIFICATIONS)?;
    for query in PEOPLE {
        counted.wrong += people.abs_diff(number(query)?);
    }
    counted.gaps = number(GAPS)?;
    counted.forks = number(FORKS)?;
    counted.differing = differing(&mut client, &kept.codes)?;
    for (keeper, events) in &kept.journals {
        let anchored: i64 = client.query_one(ANCHORED, &[keeper])?.try_get(0)?;
        counted.journals += usize::from(u64::try_from(anchored)? != *events);
    }
    Ok(counted)
}

fn differing(client: &mut Client, codes: &[Code]) -> Result<usize> {
    let mut at_desks: BTreeMap<&str, &Code> = codes.iter().map(|code| (code.id.as_str(), code)).collect();
    let mut differing = codes.len() - at_desks.len();
    for row in client.query(CODES, &[])? {
        let (id, desk, reference): (&str, &str, &str) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let same = at_desks.remove(id).is_some_and(|it| it.desk == desk && it.reference == reference);
        differing += usize::from(!same);
    }
    Ok(differing + at_desks.len())
}

/// What the server says about when a commit is one.
pub(super) fn durability(url: &str) -> Result<String> {
    let mut client = Client::connect(url, NoTls)?;
    let names = ["fsync", "synchronous_commit", "full_page_writes", "wal_sync_method"];
    let settings = names.map(|name| {
        let value: String = client.query_one(&format!("SHOW {name}"), &[])?.try_get(0)?;
        Ok(format!("{name} {value}"))
    });
    Ok(settings.into_iter().collect::<Result<Vec<_>>>()?.join(", "))
}
