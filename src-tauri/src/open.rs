//! Opening the desk: settings, key, store, enrolment, printer; each step names what is wrong.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use account::{AccountClient, CallError, DeskIdentity, Endpoint, EnrolError, Timeouts, Trust};
use bridge::AppError;
use egk::TrustStore;
use mrtd::trust::{NewestList, Root, TrustStore as DocumentTrustStore};
use printing::{Printer, Transport};
use settings::{Settings, SettingsError, TrustPurpose};
use staff::Accounts;
use store::{DatabaseKey, Store, StoreError};
use vault::{Secret, SecretName, Vault};
use zeroize::Zeroizing;

use crate::{controller::Desk, issue::Paper, keep, outside};

/// The keyring's name for us.
const KEYRING: &str = "de.identplatz.desk";
/// The desk's certificate; public, unlike its key.
const CERTIFICATE: &str = "desk-certificate.pem";
/// Wrong tries of PINs.
const TRIES: &str = "pin-tries.json";
/// The database's own folder: quarantine moves it as a whole.
const STORE: &str = "store";
/// Longest enrolment token and certificate files.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Opens everything that the settings at `path` name.
pub(crate) async fn desk(path: &Path) -> Result<Desk, AppError> {
    let settings = Settings::load(path).map_err(|error| settings_error(&error))?;
    let folder = settings.desk.data_dir.clone();
    private_folder(&folder).map_err(|error| unusable(&error))?;
    // The keyring may ask its owner, and the database reads its file: neither belongs on this thread.
    let kept = tokio::task::spawn_blocking(move || open_kept(&folder)).await;
    let Kept { vault, store, identity } = kept.map_err(|_| AppError::StoreUnavailable)??;
    let trust = Trust::Only(read(&settings.desk.service.ca_certificate, "service.ca_certificate")?);
    let url = settings.desk.service.url.clone();
    let endpoint = Endpoint { url, trust, timeouts: Timeouts::default() };
    let identity = match identity {
        Some(identity) => identity,
        None => enrol(&settings, &endpoint, &vault).await?,
    };
    let client = AccountClient::new(&endpoint, &identity).map_err(|error| {
        tracing::error!(%error, "no connection to the account service can be made");
        invalid("service")
    })?;
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
    Ok(Desk {
        trust: Arc::new(trust),
        documents: Arc::new(documents),
        printer: Arc::new(printer(&settings)?),
        desk_id: identity.desk().to_owned(),
        store,
        client,
        paper,
        accounts,
        settings,
    })
}

/// What the last run left.
struct Kept {
    vault: Vault,
    store: Store,
    identity: Option<DeskIdentity>,
}

fn open_kept(folder: &Path) -> Result<Kept, AppError> {
    let vault = Vault::open(KEYRING).map_err(|error| locked(&error))?;
    let store = open_store(folder, &vault)?;
    let certificate = folder.join(CERTIFICATE);
    let identity = match vault.get(SecretName::DeskPrivateKey).map_err(|error| locked(&error))? {
        Some(key) if certificate.exists() => {
            let chain = read(&certificate, "data_dir")?;
            let key = Zeroizing::new(key.expose().to_vec());
            Some(DeskIdentity::from_parts(key, chain).map_err(|_| AppError::VaultUnavailable)?)
        }
        _ => None,
    };
    Ok(Kept { vault, store, identity })
}

/// The first start draws the database's key. Later a missing key is a fault: a new one would make the records unreadable
/// for good.
fn open_store(folder: &Path, vault: &Vault) -> Result<Store, AppError> {
    if let Some(secret) = vault.get(SecretName::DatabaseKey).map_err(|error| locked(&error))? {
        let key = DatabaseKey::new(secret.expose()).ok_or(AppError::VaultUnavailable)?;
        return Store::open(&folder.join(STORE), &key).map_err(|error| keep::store_error(&error));
    }
    let mut bytes = Zeroizing::new([0; DatabaseKey::LENGTH]);
    outside::entropy(bytes.as_mut_slice());
    let key = DatabaseKey::new(bytes.as_slice()).ok_or(AppError::VaultUnavailable)?;
    // First into the keyring: a database whose key is nowhere would be lost.
    let secret = Secret::new(bytes.to_vec()).map_err(|error| locked(&error))?;
    vault.set(SecretName::DatabaseKey, &secret).map_err(|error| locked(&error))?;
    Store::open(&folder.join(STORE), &key).map_err(|error| {
        if matches!(error, StoreError::WrongKey) {
            tracing::error!("there is a database, but the keyring has no key for it");
            vault.delete(SecretName::DatabaseKey).ok();
            return AppError::VaultUnavailable;
        }
        keep::store_error(&error)
    })
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
    let key = Secret::new(identity.private_key().to_vec()).map_err(|error| locked(&error))?;
    vault.set(SecretName::DeskPrivateKey, &key).map_err(|error| locked(&error))?;
    write_whole(&settings.desk.data_dir.join(CERTIFICATE), identity.certificate_chain())
        .map_err(|error| unusable(&error))?;
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

fn read(file: &PathBuf, key: &str) -> Result<String, AppError> {
    let size = fs::metadata(file).map(|it| it.len());
    match size {
        Ok(size) if size <= MAX_FILE_BYTES => fs::read_to_string(file).map_err(|_| invalid(key)),
        Ok(_) | Err(_) => Err(invalid(key)),
    }
}

/// Writes a file that is there whole or not at all, whatever happens.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = fs::File::create(&unfinished)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    fs::rename(unfinished, path)
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

fn unusable(error: &io::Error) -> AppError {
    tracing::error!(%error, "the data folder can't be used");
    AppError::StoreUnavailable
}

fn locked(error: &vault::VaultError) -> AppError {
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
    }
}
