//! Opening the desk: settings, key, store, enrolment, printer; each step names what is wrong.

use std::{fs, io, path::Path, sync::Arc};

use account::{AccountClient, CallError, DeskIdentity, Endpoint, EnrolError, Proxy, Timeouts, Trust};
use bridge::{AppError, WipedScreen};
use egk::TrustStore;
use mrtd::trust::{NewestList, Root, TrustStore as DocumentTrustStore};
use printing::{Printer, Transport};
use serde::de::DeserializeOwned;
use settings::{Settings, SettingsError, TrustPurpose};
use staff::Accounts;
use store::{Condition, DatabaseKey, KeptName, Store};
use vault::{DESK_SERVICE, Secret, SecretName, Vault};
use zeroize::Zeroizing;

use crate::{
    controller::Desk,
    identity,
    issue::Paper,
    keep, line, outside,
    recovery::{self, Stranded},
    upkeep, wipe,
};

/// Wrong tries of PINs.
const TRIES: &str = "pin-tries.json";
/// Longest enrolment token and certificate files.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Why the desk can't be opened.
pub(crate) enum Unopened {
    /// Something else than its records.
    Error(AppError),
    /// Its records: there is a screen for that.
    Stranded(Box<Stranded>),
    /// The insurer has taken it out of service.
    Wiped(WipedScreen),
}

impl From<AppError> for Unopened {
    fn from(error: AppError) -> Self {
        Self::Error(error)
    }
}

impl From<Stranded> for Unopened {
    fn from(stranded: Stranded) -> Self {
        Self::Stranded(Box::new(stranded))
    }
}

/// What is done with damaged records that lie aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aside {
    /// Somebody has to decide.
    Ask,
    /// Begin with empty ones.
    BeginAnew,
}

/// Opens everything that the settings at `path` name.
pub(crate) async fn desk(path: &Path, aside: Aside) -> Result<Desk, Unopened> {
    let settings = Settings::load(path).map_err(|error| settings_error(&error))?;
    let folder = settings.desk.data_dir.clone();
    private_folder(&folder).map_err(|error| unusable(&error))?;
    // The keyring may ask its owner, and the database reads its file: neither belongs on this thread.
    let kept = tokio::task::spawn_blocking(move || open_kept(&folder, aside)).await;
    let Kept { vault, store, identity } = kept.map_err(|_| AppError::StoreUnavailable)??;
    let authorities = read(&settings.desk.service.ca_certificate, "service.ca_certificate")?;
    let endpoint = endpoint(&settings, &authorities);
    let identity = match identity {
        Some(identity) => identity,
        None => enrol(&settings, &endpoint, &vault).await?,
    };
    let client = AccountClient::new(&endpoint, &identity).map_err(|error| {
        tracing::error!(%error, "no connection to the account service can be made");
        invalid("service")
    })?;
    let settings = with_policy(settings, &store, &authorities, &client).await?;
    let paper = Paper::shipped().map_err(|error| {
        tracing::error!(%error, "the letter's wording or fonts are damaged");
        invalid("letters")
    })?;
    let accounts = Accounts::open(&settings.desk.staff.accounts, &settings.desk.data_dir.join(TRIES))
        .map_err(|error| {
            tracing::error!(%error, "the accounts of this desk can't be used");
            AppError::StaffUnavailable
        })?;
    let (trust, documents) = trust_stores(&settings)?;
    let now = outside::now().timestamp();
    Ok(Desk {
        trust: Arc::new(trust),
        documents: Arc::new(documents),
        printer: Arc::new(printer(&settings)?),
        line: line::remembered(&store, now).map_err(|error| keep::store_error(&error))?,
        last_event: remembered(&store, KeptName::LastEvent)?.unwrap_or(0),
        sealing_key: remembered(&store, KeptName::SealingKey)?,
        identity,
        endpoint,
        authorities,
        vault,
        store,
        client,
        paper,
        accounts,
        settings,
    })
}

/// Where the service is, and the way there.
fn endpoint(settings: &Settings, authorities: &str) -> Endpoint {
    let service = &settings.desk.service;
    Endpoint {
        url: service.url.clone(),
        trust: Trust::Only(authorities.to_owned()),
        proxy: match &service.proxy {
            settings::Proxy::None => Proxy::None,
            settings::Proxy::System => Proxy::System,
            settings::Proxy::Http(url) => Proxy::Http(url.clone()),
        },
        timeouts: Timeouts::default(),
    }
}

/// A value that the desk keeps; one that can't be read is none.
fn remembered<T: DeserializeOwned>(store: &Store, name: KeptName) -> Result<Option<T>, AppError> {
    let kept = store.kept(name).map_err(|error| keep::store_error(&error))?;
    Ok(kept.and_then(|kept| serde_json::from_slice(&kept.value).ok()))
}

/// The insurer's newest policy, if the desk has one: proven anew at each start. One that doesn't count any more is a fault, not
/// a reason to fall back to what came with the program; a newer one takes its place, such as after the program or the insurer's
/// authority was renewed.
async fn with_policy(
    settings: Settings,
    store: &Store,
    authorities: &str,
    client: &AccountClient,
) -> Result<Settings, AppError> {
    let Some(kept) = store.kept(KeptName::Policy).map_err(|error| keep::store_error(&error))? else {
        return Ok(settings);
    };
    let text = String::from_utf8(kept.value).map_err(|_| invalid("policy"))?;
    let (serial, error) = match upkeep::verified(&text, authorities, 1, None) {
        Ok(profile) => match settings.with_bundle(&profile) {
            Ok(settings) => return Ok(settings),
            // The program was renewed and brought something newer along.
            Err(SettingsError::OlderThanShipped { .. }) => return Ok(settings),
            Err(error) => (profile.serial, settings_error(&error)),
        },
        Err(error) => {
            tracing::error!(%error, "the insurer's policy does not count");
            (0, invalid("policy"))
        }
    };
    newer_policy(&settings, store, authorities, client, serial).await.ok_or(error)
}

/// What the insurer has published since the policy of that serial, kept and in force.
async fn newer_policy(
    settings: &Settings,
    store: &Store,
    authorities: &str,
    client: &AccountClient,
    serial: u32,
) -> Option<Settings> {
    let signed = client.policy().await.ok().flatten()?;
    let now = outside::now().timestamp();
    let lowest = u64::from(serial) + 1;
    let profile = upkeep::verified(signed.as_str(), authorities, lowest, Some(now)).ok()?;
    let settings = settings.with_bundle(&profile).ok()?;
    store.keep(KeptName::Policy, signed.as_str().as_bytes(), now).ok()?;
    tracing::info!(serial = profile.serial, "a newer policy took the place of one that can't be used");
    Some(settings)
}

/// What the last run left.
struct Kept {
    vault: Vault,
    store: Store,
    identity: Option<DeskIdentity>,
}

fn open_kept(folder: &Path, aside: Aside) -> Result<Kept, Unopened> {
    let vault = Vault::open(DESK_SERVICE).map_err(|error| recovery::of_vault(&error, folder))?;
    if let Some(wiped) = wipe::found(folder, &vault)? {
        return Err(Unopened::Wiped(wiped));
    }
    if aside == Aside::BeginAnew {
        // Empty records begin a new chain, and the service takes that from a desk that was enrolled anew only. First: empty
        // records with the old identity would fork every chain.
        identity::destroy(&vault, folder)?;
    }
    let key = vault.get(SecretName::DatabaseKey).map_err(|error| recovery::of_vault(&error, folder))?;
    let identity = identity::load(&vault, folder)?;
    let store = open_store(folder, &vault, key, aside, identity.is_some())?;
    Ok(Kept { vault, store, identity })
}

/// The first start draws the database's key. Later a missing key is a fault: a new one would make the records unreadable
/// for good. So are missing records at a desk that is enrolled.
fn open_store(
    folder: &Path,
    vault: &Vault,
    key: Option<Secret>,
    aside: Aside,
    is_enrolled: bool,
) -> Result<Store, Unopened> {
    let place = folder.join(store::STORE_FOLDER);
    if let Some(secret) = key {
        let key = DatabaseKey::new(secret.expose()).ok_or(AppError::VaultUnavailable)?;
        if aside == Aside::Ask {
            let stranded = recovery::undecided(&place, &key, folder, is_enrolled);
            if let Some(stranded) = stranded.map_err(|error| keep::store_error(&error))? {
                return Err(stranded.into());
            }
        }
        return Store::open(&place, &key).map_err(|error| match recovery::of_store(&error, &key, folder) {
            Ok(stranded) => stranded.into(),
            Err(error) => error.into(),
        });
    }
    let found = store::diagnose(&place, None).map_err(|error| keep::store_error(&error))?;
    if found.condition == Condition::KeyLost {
        return Err(recovery::key_lost(folder).into());
    }
    if is_enrolled {
        return Err(Stranded::gone(folder).into());
    }
    let mut bytes = Zeroizing::new([0; DatabaseKey::LENGTH]);
    outside::entropy(bytes.as_mut_slice());
    let key = DatabaseKey::new(bytes.as_slice()).ok_or(AppError::VaultUnavailable)?;
    // First into the keyring: a database whose key is nowhere would be lost.
    let secret = Secret::new(bytes.to_vec()).map_err(|error| locked(&error))?;
    vault.set(SecretName::DatabaseKey, &secret).map_err(|error| locked(&error))?;
    Store::open(&place, &key).map_err(|error| match recovery::of_store(&error, &key, folder) {
        Ok(stranded) => stranded.into(),
        Err(error) => error.into(),
    })
}

/// A connection to the service as what the last run left of the desk's identity, for a desk whose records can't be used.
pub(crate) fn client_without_store(path: &Path) -> Option<AccountClient> {
    let settings = Settings::load(path).ok()?;
    let authorities = read(&settings.desk.service.ca_certificate, "service.ca_certificate").ok()?;
    let identity = identity::load(&Vault::open(DESK_SERVICE).ok()?, &settings.desk.data_dir).ok()??;
    AccountClient::new(&endpoint(&settings, &authorities), &identity).ok()
}

/// Exchanges the one-time token for the desk's certificate and keeps both halves.
async fn enrol(settings: &Settings, endpoint: &Endpoint, vault: &Vault) -> Result<DeskIdentity, AppError> {
    let file =
        settings.desk.service.enrolment_token.as_ref().ok_or_else(|| invalid("service.enrolment_token"))?;
    let token = Zeroizing::new(read(file, "service.enrolment_token")?);
    let identity = account::enrol(endpoint, token.trim()).await.map_err(|error| {
        tracing::error!(%error, "the desk could not be enrolled");
        match error {
            EnrolError::Call(CallError::Refused(_)) => AppError::EnrolmentRefused,
            EnrolError::Call(_) | EnrolError::Setup(_) => AppError::ServiceUnreachable,
        }
    })?;
    identity::replace(vault, &settings.desk.data_dir, &identity)?;
    Ok(identity)
}

/// The roots that this program brings along, and what the administrator's folder adds. A file that can't be trusted is
/// named and left out: the desk goes on, and cards that need it can't be verified.
///
/// Health cards and travel documents have stores of their own: whoever vouches for the one vouches for nothing of the other.
fn trust_stores(settings: &Settings) -> Result<(TrustStore, DocumentTrustStore), AppError> {
    let mut store = TrustStore::production();
    let folder = settings.desk.trust.as_ref().map(|trust| &trust.folder);
    let files = folder.map_or(Ok(Vec::new()), |folder| settings::trust_files(folder));
    let files = files.map_err(|error| settings_error(&error))?;
    let left_out = |file: &str, error: &dyn std::error::Error| {
        tracing::error!(%error, file, "a file of the trust folder is left out");
    };
    let (mut roots, mut for_documents) = (Vec::new(), Vec::new());
    for file in &files {
        match file.purpose() {
            TrustPurpose::ListRoot => match Root::parse(&file.bytes) {
                Ok(root) => roots.push(root),
                Err(error) => left_out(&file.name, &error),
            },
            TrustPurpose::TravelDocuments => for_documents.push((&*file.name, &*file.bytes)),
            TrustPurpose::Any => match store.add(&file.bytes) {
                Ok(()) => {}
                // Lists are for travel documents.
                Err(egk::TrustError::Malformed) => for_documents.push((&*file.name, &*file.bytes)),
                Err(error) => left_out(&file.name, &error),
            },
        }
    }
    let today = outside::now().date();
    // Nobody brings an older list back than one that this desk has seen.
    let data = &settings.desk.data_dir;
    let note = settings::trust_memory(data).map_err(|error| settings_error(&error))?;
    let newest = NewestList::from_text(&note).map_err(|_| invalid("data_dir/newest-lists"))?;
    let (documents, problems) = DocumentTrustStore::from_files(for_documents, &roots, &newest, today);
    for problem in problems {
        left_out(&problem.name, &problem.error);
    }
    let state = documents.state();
    settings::keep_trust_memory(data, &NewestList::to_text(&state.newest_lists))
        .map_err(|error| settings_error(&error))?;
    for list in &state.missing_lists {
        tracing::error!(kind = ?list.kind, signed = %list.signed, "the newest list is missing or was rolled back");
    }
    Ok((store, documents))
}

fn printer(settings: &Settings) -> Result<Printer, AppError> {
    let printer = &settings.desk.printer;
    let trust = match &printer.ca_certificate {
        Some(file) => printing::Trust::Authorities(read(file, "printer.ca_certificate")?.into_bytes()),
        None => printing::Trust::System,
    };
    Printer::new(&printer.uri, Transport::PlainAllowed, trust).map_err(|error| {
        tracing::error!(%error, "the printer's address can't be used");
        invalid("printer.uri")
    })
}

pub(crate) fn read(file: &Path, key: &str) -> Result<String, AppError> {
    let size = fs::metadata(file).map(|it| it.len());
    match size {
        Ok(size) if size <= MAX_FILE_BYTES => fs::read_to_string(file).map_err(|_| invalid(key)),
        Ok(_) | Err(_) => Err(invalid(key)),
    }
}

/// Writes a file that is there whole or not at all, whatever happens.
pub(crate) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = fs::File::create(&unfinished)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    fs::rename(unfinished, path)?;
    // So that the rename lasts; Windows has no such call for folders and needs none.
    match path.parent().filter(|_| cfg!(unix)) {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Makes the folder for the desk's account alone.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn invalid(key: &str) -> AppError {
    AppError::SettingsInvalid { key: key.to_owned() }
}

pub(crate) fn unusable(error: &io::Error) -> AppError {
    tracing::error!(%error, "the data folder can't be used");
    AppError::StoreUnavailable
}

pub(crate) fn locked(error: &vault::VaultError) -> AppError {
    tracing::error!(%error, "the keyring can't be used");
    AppError::VaultUnavailable
}

fn settings_error(error: &SettingsError) -> AppError {
    tracing::error!(%error, source = ?std::error::Error::source(error).map(ToString::to_string), "the settings can't be used");
    match error {
        SettingsError::Value { key } => invalid(key),
        SettingsError::Parse { file, .. } => invalid(file),
        SettingsError::Read { path, .. }
        | SettingsError::Write { path, .. }
        | SettingsError::TooLarge { path, .. }
        | SettingsError::TooMany { path, .. }
        | SettingsError::WritableByOthers { path } => invalid(&path.display().to_string()),
        SettingsError::OtherProfile { .. } | SettingsError::OlderThanShipped { .. } => invalid("policy"),
    }
}
