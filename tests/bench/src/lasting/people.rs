//! Who comes to the desk: gematik's birds, each under many numbers.

use std::sync::Arc;

use account_service::{CustomerApp, Member, Service};
use anyhow::{Context, Result};
use identification::Kvnr;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

/// Families and given names of gematik's test data (spec-VSDM2, `VSDDatensatzGKV-*`), and dates of birth.
const BIRDS: [(&str, &str, &str); 4] = [
    ("Amsel", "Andrea", "19971228"),
    ("Buntspecht", "Bernd Benjamin", "19880622"),
    ("Carolinataube", "Charlie", "19790611"),
    ("Dohle", "Dara", "19700120"),
];
/// Registrations that are under way at the same time.
const AT_ONCE: usize = 16;

/// An insured person whose app shows a visit number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Insured {
    pub(crate) kvnr: String,
    pub(crate) family_name: String,
    pub(crate) given_names: String,
    /// `YYYYMMDD`
    pub(crate) born: String,
    pub(crate) visit_number: String,
}

/// `number` insured people, each with a number of their own.
pub(crate) fn members(number: usize) -> Vec<Member> {
    let birds = BIRDS.into_iter().cycle();
    let kvnrs = (0_u32..).flat_map(|serial| (0..10).map(move |check| format!("X{serial:08}{check}")));
    let valid = kvnrs.filter(|kvnr| Kvnr::parse(kvnr).is_ok());
    valid
        .zip(birds)
        .take(number)
        .map(|(kvnr, (family_name, given_names, birth_date))| Member {
            kvnr,
            family_name: family_name.to_owned(),
            given_names: given_names.to_owned(),
            birth_date: birth_date.to_owned(),
            iccsn: None,
        })
        .collect()
}

/// Registers an app for each of them, all on one device.
pub(crate) async fn register(service: &Service, members: &[Member]) -> Result<Vec<Insured>> {
    let (url, authority) = (service.url(), service.ca_certificate().to_owned());
    let app = Arc::new(CustomerApp::new(&url, &authority)?);
    let mut waiting = members.iter().cloned().enumerate();
    let mut under_way = JoinSet::new();
    let mut registered = Vec::with_capacity(members.len());
    loop {
        while under_way.len() < AT_ONCE
            && let Some((place, member)) = waiting.next()
        {
            let app = Arc::clone(&app);
            under_way.spawn(async move {
                let registration =
                    app.register(&member.kvnr).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
                anyhow::Ok((place, insured(member, registration.visit_number)))
            });
        }
        let Some(done) = under_way.join_next().await else { break };
        registered.push(done.context("a registration panicked")??);
    }
    registered.sort_by_key(|(place, _)| *place);
    Ok(registered.into_iter().map(|(_, insured)| insured).collect())
}

fn insured(member: Member, visit_number: String) -> Insured {
    let Member { kvnr, family_name, given_names, birth_date, .. } = member;
    Insured { kvnr, family_name, given_names, born: birth_date, visit_number }
}
