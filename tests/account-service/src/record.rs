//! Records: what a desk signs and links to its last one. Form here, signature and chain in [`deliver`].

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderValue, header::CONTENT_TYPE},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{ops::Deref, sync::Arc};

use crate::{
    database::{Put, Transaction, params},
    desk_api::Desk,
    desks,
    jcs::{self, Json},
    jws,
    lives::FIRST_LIFE,
    model::{DeskName, Id, Recorded, is_base64url},
    problem::Problem,
    service::Shared,
};

/// The type in the header of a record's signature.
const TYPE: &str = "identplatz-record";
/// Longest signature, its header with the certificate included.
const MAX_SIGNATURE: usize = 4096;
/// What the record with number 1 names as the one before it.
const NONE_BEFORE: [u8; 32] = [0; 32];

/// A record of the right form; nothing of its signature and its place in the chain has been looked at.
pub(crate) struct Record<T> {
    /// The desk that delivers it and that it names.
    pub(crate) desk: String,
    /// The id of the path and in it.
    pub(crate) id: Id,
    /// Its own members.
    pub(crate) body: T,
    envelope: Envelope,
}

/// What every record has beside its own members.
struct Envelope {
    /// Number at the desk, from 1.
    seq: i64,
    /// Hash of the record before it.
    prev: [u8; 32],
    signature: String,
    /// Canonical form of all but the signature.
    payload: String,
    /// Canonical form of all of it.
    whole: String,
}

impl<T: Recorded> FromRequest<Arc<Shared>> for Record<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Desk(desk) = extracted(&mut parts, shared).await?;
        let id: Id = extracted(&mut parts, shared).await?;
        if parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(b"application/json") {
            return Err(Problem::Validation);
        }
        let body = Bytes::from_request(Request::from_parts(parts, body), shared).await;
        let body = body.map_err(|_| Problem::PayloadTooLarge)?;
        Self::parse(desk, id, &body)
    }
}

async fn extracted<E: axum::extract::FromRequestParts<Arc<Shared>, Rejection = Problem>>(
    parts: &mut axum::http::request::Parts,
    shared: &Arc<Shared>,
) -> Result<E, Problem> {
    E::from_request_parts(parts, shared).await
}

impl<T: Recorded> Record<T> {
    fn parse(desk: String, id: Id, body: &[u8]) -> Result<Self, Problem> {
        let json: Json = serde_json::from_slice(body).map_err(|_| Problem::Validation)?;
        let whole = json.canonical();
        let mut members = json.as_object().cloned().ok_or(Problem::Validation)?;
        let signature = text(members.remove("signature")).filter(|it| is_detached_jws(it));
        let payload = jcs::canonical(&members);
        let kind = text(members.remove("record"));
        let signed_id = text(members.remove("id")).and_then(|id| Id::try_from(id).ok());
        let signed_desk = text(members.remove("desk")).and_then(|desk| DeskName::try_from(desk).ok());
        let chain = members.remove("chain").and_then(link);
        let own = serde_json::from_str(&jcs::canonical(&members)).map_err(|_| Problem::Validation)?;
        let (Some(signature), Some(signed_id), Some(signed_desk), Some((seq, prev))) =
            (signature, signed_id, signed_desk, chain)
        else {
            return Err(Problem::Validation);
        };
        // What was signed for another path is nothing here.
        if kind.as_deref() != Some(T::KIND) || signed_id != id {
            return Err(Problem::Validation);
        }
        if *signed_desk != *desk {
            return Err(Problem::ForbiddenDesk);
        }
        Ok(Self { desk, id, body: own, envelope: Envelope { seq, prev, signature, payload, whole } })
    }
}

fn text(member: Option<Json>) -> Option<String> {
    if let Some(Json::Text(text)) = member { Some(text) } else { None }
}

/// The contract's form; whether it is one is found out when it is verified.
fn is_detached_jws(text: &str) -> bool {
    let alphabet = |part: &str| !part.is_empty() && part.bytes().all(is_base64url);
    text.len() <= MAX_SIGNATURE
        && text
            .split_once("..")
            .is_some_and(|(header, value)| alphabet(header) && alphabet(value) && value.len() == 86)
}

/// Number and hash of `chain`.
fn link(chain: Json) -> Option<(i64, [u8; 32])> {
    let Json::Object(mut chain) = chain else {
        return None;
    };
    let (seq, prev) = (chain.remove("seq")?, chain.remove("prev")?);
    let (Json::Number(seq @ 1..), Json::Text(prev)) = (seq, prev) else {
        return None;
    };
    let prev = hash_from(&prev)?;
    chain.is_empty().then_some((seq, prev))
}

/// A hash of the contract's form.
pub(crate) fn hash_from(text: &str) -> Option<[u8; 32]> {
    Base64UrlUnpadded::decode_vec(text).ok()?.try_into().ok()
}

/// A record that its desk has signed.
pub(crate) struct Signed<'a, T> {
    record: &'a Record<T>,
    /// The life of the desk in which the certificate was issued that it is signed with: the record belongs to the chain
    /// of that life, whichever of the desk's certificates it is delivered with.
    pub(crate) life: i64,
}

impl<T> Deref for Signed<'_, T> {
    type Target = Record<T>;

    fn deref(&self) -> &Record<T> {
        self.record
    }
}

/// Does `effect` at most once for a record that its desk has signed and that continues, or doesn't contradict, its
/// chain; `path` is where it was delivered.
pub(crate) fn deliver<T>(
    shared: &Shared,
    path: &str,
    record: &Record<T>,
    mut effect: impl FnMut(&Transaction<'_>, &Signed<'_, T>) -> Result<Value, Problem>,
) -> Result<Put, Problem> {
    let Record { desk, envelope, .. } = record;
    let certificate = jws::verify_detached(&envelope.signature, TYPE, envelope.payload.as_bytes());
    let certificate = certificate.ok_or(Problem::RecordSignatureInvalid)?;
    let life = shared.read(|transaction| desks::issued_in_life(transaction, &certificate, desk))?;
    let signed = Signed { record, life: life.ok_or(Problem::RecordSignatureInvalid)? };
    shared.put(path, desk, &envelope.whole, |transaction| {
        envelope.append(transaction, (desk, signed.life), path, shared.now())?;
        effect(transaction, &signed)
    })
}

impl Envelope {
    /// Keeps the record unless its desk has told the service something else in this place of the chain of that life.
    fn append(
        &self,
        transaction: &Transaction<'_>,
        (desk, life): (&str, i64),
        path: &str,
        now: jiff::Timestamp,
    ) -> Result<(), Problem> {
        let hash: [u8; 32] = Sha256::digest(&self.whole).into();
        let around =
            "SELECT seq, hash, prev FROM records WHERE desk = $1 AND life = $2 AND seq BETWEEN $3 AND $4";
        let places = params![desk, life, self.seq - 1, self.seq + 1];
        let neighbours = transaction.query(around, places, |row| {
            Ok((row.get::<i64>("seq")?, row.get::<[u8; 32]>("hash")?, row.get::<[u8; 32]>("prev")?))
        })?;
        let agrees = |(seq, its_hash, its_prev): &(i64, [u8; 32], [u8; 32])| match seq - self.seq {
            ..0 => *its_hash == self.prev,
            0 => false,
            1.. => *its_prev == hash,
        };
        let begins = self.seq > 1 || self.prev == NONE_BEFORE;
        if !begins || !neighbours.iter().all(agrees) {
            return Err(Problem::RecordChainForked);
        }
        transaction.execute(
            "INSERT INTO records (desk, life, seq, hash, prev, path, body, accepted_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![desk, life, self.seq, hash, self.prev, path, self.whole, now],
        )?;
        Ok(())
    }
}

/// Numbers of records that a desk has counted and the service doesn't have, though it has later ones: first and last
/// of each gap, life by life. The first life begins with number 1, every later one with the lowest that came.
pub(crate) fn gaps(transaction: &Transaction<'_>, desk: &str) -> Result<Vec<(u64, u64)>, Problem> {
    let after_gaps = "SELECT life, seq,
           (SELECT coalesce(max(seq), 0) FROM records AS earlier
            WHERE earlier.desk = records.desk AND earlier.life = records.life AND earlier.seq < records.seq) AS before
         FROM records
         WHERE desk = $1 AND seq > 1 AND NOT EXISTS (
           SELECT 1 FROM records AS previous
           WHERE previous.desk = records.desk AND previous.life = records.life AND previous.seq = records.seq - 1)
         ORDER BY life, seq";
    let gaps = transaction.query(after_gaps, params![desk], |row| {
        let begins = row.get::<i64>("life")? > FIRST_LIFE && row.get::<u64>("before")? == 0;
        Ok((!begins).then_some((row.get::<u64>("before")? + 1, row.get::<u64>("seq")? - 1)))
    })?;
    Ok(gaps.into_iter().flatten().collect())
}

/// Removes the content of the record that was delivered there; its place in the chain stays.
pub(crate) fn erase(transaction: &Transaction<'_>, path: &str) -> Result<(), Problem> {
    transaction.execute("UPDATE records SET body = NULL WHERE path = $1", params![path])?;
    Ok(())
}
