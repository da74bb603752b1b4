//! The administrator's file of accounts: TOML, one `[[member]]` each. Parsed by hand, because what a derived parser says
//! about a mistake quotes the file, and the mistake may be a PIN where its hash belongs.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::Path,
};

use toml::{Table, Value};

use crate::{
    Member, Role, StaffError,
    hash::PinHash,
    member::{is_id, is_name},
};

/// Longest accounts file that is read: 200 members take about 40 KiB.
pub const MAX_FILE_BYTES: u64 = 64 * 1024;
/// Most members of staff at one desk; a large service centre has some 50.
pub const MAX_MEMBERS: usize = 200;

/// Somebody who signs in with a PIN.
pub(crate) struct Account {
    pub(crate) member: Member,
    pub(crate) pin: PinHash,
}

/// Reads and checks the file.
pub(crate) fn read(path: &Path) -> Result<Vec<Account>, StaffError> {
    let failed = |source| StaffError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    if is_exposed(&file).map_err(failed)? {
        return Err(StaffError::Exposed { path: path.to_owned() });
    }
    let mut text = Vec::new();
    let length = file.take(MAX_FILE_BYTES + 1).read_to_end(&mut text).map_err(failed)?;
    if u64::try_from(length).is_ok_and(|length| length > MAX_FILE_BYTES) {
        return Err(StaffError::TooLarge { path: path.to_owned() });
    }
    let text = String::from_utf8(text)
        .map_err(|_| failed(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8")))?;
    parse(&text)
}

/// A hash of a short PIN is soon guessed; so nobody reads it who needn't, and nobody changes it but its owner.
#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    const GROUP_WRITES: u32 = 0o020;
    const OTHERS_READ_OR_WRITE: u32 = 0o006;
    let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata()?);
    Ok(mode & (GROUP_WRITES | OTHERS_READ_OR_WRITE) != 0)
}

/// Elsewhere the installer sets the access list of the folder.
#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

fn parse(text: &str) -> Result<Vec<Account>, StaffError> {
    let table: Table = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        StaffError::Syntax { line: before.matches('\n').count() + 1 }
    })?;
    refuse_unknown_keys(&table, &["member"], "")?;
    let members = match table.get("member") {
        Some(Value::Array(members)) if members.len() > MAX_MEMBERS => {
            return Err(StaffError::TooManyMembers);
        }
        Some(Value::Array(members)) if !members.is_empty() => members,
        _ => return Err(StaffError::Value { key: "member".to_owned() }),
    };
    let mut ids = BTreeSet::new();
    let mut accounts = Vec::with_capacity(members.len());
    for (number, value) in (1..).zip(members) {
        let key = format!("member[{number}]");
        let account = account(value, &key)?;
        if !ids.insert(account.member.id().to_owned()) {
            return Err(StaffError::Duplicate { key: format!("{key}.id") });
        }
        accounts.push(account);
    }
    Ok(accounts)
}

fn account(value: &Value, prefix: &str) -> Result<Account, StaffError> {
    let invalid = |key: &str| StaffError::Value { key: format!("{prefix}.{key}") };
    let table = value.as_table().ok_or_else(|| StaffError::Value { key: prefix.to_owned() })?;
    refuse_unknown_keys(table, &["id", "name", "roles", "pin"], &format!("{prefix}."))?;
    let text = |key| table.get(key).and_then(Value::as_str);
    let id = text("id").filter(|id| is_id(id)).ok_or_else(|| invalid("id"))?;
    let name = text("name").filter(|name| is_name(name)).ok_or_else(|| invalid("name"))?;
    let roles = table.get("roles").and_then(roles).ok_or_else(|| invalid("roles"))?;
    let pin = text("pin").and_then(PinHash::parse).ok_or_else(|| invalid("pin"))?;
    Ok(Account { member: Member::new(id, name, roles), pin })
}

fn roles(value: &Value) -> Option<BTreeSet<Role>> {
    let roles: BTreeSet<Role> =
        value.as_array()?.iter().map(|role| Role::from_key(role.as_str()?)).collect::<Option<_>>()?;
    (!roles.is_empty()).then_some(roles)
}

fn refuse_unknown_keys(table: &Table, known: &[&str], prefix: &str) -> Result<(), StaffError> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(StaffError::UnknownKey { key: format!("{prefix}{key}") }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
