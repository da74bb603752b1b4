//! Card-verifiable certificates of generation 2 (gemSpec_PKI, CV-Zertifikate; gemSpec_COS, CV-Zertifikate für
//! ELC-Schlüssel).
//!
//! `7F21 { 7F4E { 5F29 profile, 42 CAR, 7F49 { 06 use of the key, 86 point }, 5F20 CHR, 7F4C { 06 kind of flags, 53
//! flags }, 5F25 from, 5F24 to }, 5F37 signature }`, all of it in this order and of fixed length.

use crate::brainpool::{FIELD_BYTES, POINT_BYTES, PublicKey, SIGNATURE_BYTES};
use crate::error::Problem;
use crate::iccsn::Iccsn;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use smartcard::tlv::{self, Reader, Tag};
use std::fmt;

const CV_CERTIFICATE: Tag = Tag(0x7F21);
const CERTIFICATE_BODY: Tag = Tag(0x7F4E);
const PROFILE_IDENTIFIER: Tag = Tag(0x5F29);
const AUTHORITY_REFERENCE: Tag = Tag(0x42);
const PUBLIC_KEY: Tag = Tag(0x7F49);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const PUBLIC_POINT: Tag = Tag(0x86);
const HOLDER_REFERENCE: Tag = Tag(0x5F20);
const HOLDER_AUTHORIZATION: Tag = Tag(0x7F4C);
const DISCRETIONARY_DATA: Tag = Tag(0x53);
const EFFECTIVE_DATE: Tag = Tag(0x5F25);
const EXPIRATION_DATE: Tag = Tag(0x5F24);
const SIGNATURE: Tag = Tag(0x5F37);

/// The one profile of certificates for elliptic curves.
const PROFILE_ELC: u8 = 0x70;
/// ecdsa-with-SHA256, 1.2.840.10045.4.3.2: the key signs certificates.
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
/// authS_gemSpec-COS-G2_ecc-with-sha256, 1.3.36.3.5.3.1: the key authenticates its card.
const AUTHENTICATION_WITH_SHA256: &[u8] = &[0x2B, 0x24, 0x03, 0x05, 0x03, 0x01];
/// oid_cvc_fl_ti, 1.2.276.0.76.4.152 (gemSpec_OID): flags of the telematics infrastructure.
const FLAG_LIST_TI: &[u8] = &[0x2A, 0x82, 0x14, 0x00, 0x4C, 0x04, 0x81, 0x18];
const FLAG_BYTES: usize = 7;
/// The first two bytes of a card's holder reference: the key with the identifier 9 (gemSpec_eGK_ObjSys,
/// PrK.eGK.AUT_CVC.E256), before the card's number.
const CARD_KEY: [u8; 2] = [0x00, 0x09];
const ICCSN_BYTES: usize = 10;

/// The name of an authority's key (CAR, or CHR of an authority): five letters, then three bytes of packed digits, as in
/// `DEZGW870226`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyReference([u8; 8]);

/// Whose certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CvcRole {
    /// A root's, which names itself as its issuer.
    Root,
    /// That of an authority (CVC-CA) that issues cards' certificates.
    Authority,
    /// A health card's.
    Card,
}

/// A card-verifiable certificate, well-formed; nothing of it is proven yet. `Debug` doesn't tell the card's number.
#[derive(Clone, PartialEq, Eq)]
pub struct CardVerifiableCertificate {
    issuer: KeyReference,
    holder: Holder,
    key_use: KeyUse,
    public_key: PublicKey,
    flags: [u8; FLAG_BYTES],
    valid_from: Date,
    valid_until: Date,
    body_hash: [u8; FIELD_BYTES],
    signature: [u8; SIGNATURE_BYTES],
}

#[derive(Clone, PartialEq, Eq)]
enum Holder {
    Authority(KeyReference),
    Card([u8; ICCSN_BYTES]),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyUse {
    SigningCertificates,
    Authentication,
}

impl CardVerifiableCertificate {
    /// Reads a certificate; bytes behind it don't count.
    ///
    /// # Errors
    /// [`Problem::Length`] where it isn't made of its data objects, each in its shortest form; [`Problem::Field`] where
    /// one doesn't hold what it should. A public key that isn't on the curve is such a field.
    pub fn parse(file: &[u8]) -> Result<Self, Problem> {
        let mut certificate = Objects(file).constructed(CV_CERTIFICATE)?;
        let signed = certificate.0;
        let mut body = certificate.constructed(CERTIFICATE_BODY)?;
        let body_hash = hash_of_first(signed, certificate.0);
        let signature = certificate.fixed(SIGNATURE)?;
        certificate.end()?;

        field(body.fixed(PROFILE_IDENTIFIER)? == [PROFILE_ELC], "CPI")?;
        let issuer = KeyReference(body.fixed(AUTHORITY_REFERENCE)?);
        let mut key = body.constructed(PUBLIC_KEY)?;
        let key_use = KeyUse::of(key.value(OBJECT_IDENTIFIER)?)?;
        let public_key = PublicKey::from_point(key.fixed::<POINT_BYTES>(PUBLIC_POINT)?);
        key.end()?;
        let holder = Holder::of(body.value(HOLDER_REFERENCE)?)?;
        let mut authorization = body.constructed(HOLDER_AUTHORIZATION)?;
        field(authorization.value(OBJECT_IDENTIFIER)? == FLAG_LIST_TI, "CHAT")?;
        let flags = authorization.fixed(DISCRETIONARY_DATA)?;
        authorization.end()?;
        let valid_from = date(body.fixed(EFFECTIVE_DATE)?).ok_or(Problem::Field { name: "CED" })?;
        let valid_until = date(body.fixed(EXPIRATION_DATE)?).ok_or(Problem::Field { name: "CXD" })?;
        body.end()?;
        field(valid_from <= valid_until, "CXD")?;

        let public_key = public_key.ok_or(Problem::Field { name: "public key" })?;
        Ok(Self { issuer, holder, key_use, public_key, flags, valid_from, valid_until, body_hash, signature })
    }

    /// CAR: the key that signed it.
    pub fn issuer(&self) -> KeyReference {
        self.issuer
    }

    /// CHR of an authority: the key's name, by which other certificates call it; `None` for a card's.
    pub fn authority(&self) -> Option<KeyReference> {
        match self.holder {
            Holder::Authority(name) => Some(name),
            Holder::Card(_) => None,
        }
    }

    /// CED: the first day of its validity.
    pub fn valid_from(&self) -> Date {
        self.valid_from
    }

    /// CXD: the last day of its validity.
    pub fn valid_until(&self) -> Date {
        self.valid_until
    }

    /// What its flags, its key's use and its holder's name say together; `None` if they contradict each other, or it is
    /// of another kind: a link between two roots, another kind of card.
    ///
    /// The first two flags are 11 in a root's, 10 in an authority's and 00 in a card's certificate; a health card has no
    /// further flag, which would be a right.
    pub fn role(&self) -> Option<CvcRole> {
        let kind = self.flags.first().map(|first| first >> 6);
        match (&self.holder, self.key_use, kind) {
            (Holder::Authority(name), KeyUse::SigningCertificates, Some(0b11)) if *name == self.issuer => {
                Some(CvcRole::Root)
            }
            (Holder::Authority(_), KeyUse::SigningCertificates, Some(0b10)) => Some(CvcRole::Authority),
            (Holder::Card(_), KeyUse::Authentication, Some(0b00)) if self.flags == [0; FLAG_BYTES] => {
                Some(CvcRole::Card)
            }
            _ => None,
        }
    }

    /// Whether it is the certificate of the card with this number.
    pub fn names(&self, iccsn: &Iccsn) -> bool {
        let Holder::Card(number) = &self.holder else { return false };
        let digits = number.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
        digits.map(Some).eq(iccsn.as_str().bytes().map(|digit| digit.checked_sub(b'0')))
    }

    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Whether `key` signed it: ECDSA with SHA-256 over the whole body, its tag and length included.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.body_hash, &self.signature)
    }
}

impl fmt::Debug for CardVerifiableCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardVerifiableCertificate({:?} by {})", self.role(), self.issuer)
    }
}

impl KeyReference {
    pub(crate) const fn new(name: [u8; 5], number: [u8; 3]) -> Self {
        let ([a, b, c, d, e], [x, y, z]) = (name, number);
        Self([a, b, c, d, e, x, y, z])
    }

    /// Whether it is a production root's (`DEZGW`, gemSpec_CVC_Root).
    pub fn is_production_root(self) -> bool {
        self.0.starts_with(b"DEZGW")
    }

    /// Whether it is a root's for test cards of the reference and test environments (`DEGXX`).
    pub fn is_test_root(self) -> bool {
        self.0.starts_with(b"DEGXX")
    }
}

impl fmt::Display for KeyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, number) = self.0.split_at(5);
        write!(f, "{}", name.escape_ascii())?;
        number.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl KeyUse {
    fn of(object_identifier: &[u8]) -> Result<Self, Problem> {
        match object_identifier {
            ECDSA_WITH_SHA256 => Ok(Self::SigningCertificates),
            AUTHENTICATION_WITH_SHA256 => Ok(Self::Authentication),
            _ => Err(Problem::Field { name: "key use" }),
        }
    }
}

impl Holder {
    fn of(reference: &[u8]) -> Result<Self, Problem> {
        let wrong = Problem::Field { name: "CHR" };
        if let Ok(name) = reference.try_into() {
            return Ok(Self::Authority(KeyReference(name)));
        }
        let number = reference.strip_prefix(&CARD_KEY).ok_or(wrong)?;
        number.try_into().map(Self::Card).map_err(|_| wrong)
    }
}

/// Data objects that must come in their order, each in its shortest form and without padding.
struct Objects<'a>(&'a [u8]);

impl<'a> Objects<'a> {
    fn value(&mut self, tag: Tag) -> Result<&'a [u8], Problem> {
        let object = Reader::new(self.0).next().and_then(Result::ok).ok_or(Problem::Length)?;
        let mut shortest = Vec::with_capacity(object.encoded().len());
        tlv::write(&mut shortest, tag, object.value());
        self.0 = self.0.strip_prefix(shortest.as_slice()).ok_or(Problem::Length)?;
        Ok(object.value())
    }

    fn constructed(&mut self, tag: Tag) -> Result<Self, Problem> {
        self.value(tag).map(Self)
    }

    fn fixed<const N: usize>(&mut self, tag: Tag) -> Result<[u8; N], Problem> {
        self.value(tag)?.try_into().map_err(|_| Problem::Length)
    }

    fn end(&self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Length) }
    }
}

/// The SHA-256 hash of the object before `rest`.
fn hash_of_first(objects: &[u8], rest: &[u8]) -> [u8; FIELD_BYTES] {
    Sha256::digest(objects.strip_suffix(rest).unwrap_or(objects)).into()
}

/// Six digits YYMMDD of this century, one a byte.
fn date([y1, y2, m1, m2, d1, d2]: [u8; 6]) -> Option<Date> {
    let two_digits = |tens: u8, ones: u8| (tens <= 9 && ones <= 9).then(|| 10 * tens + ones);
    let year = 2_000 + i16::from(two_digits(y1, y2)?);
    Date::new(year, two_digits(m1, m2)?.try_into().ok()?, two_digits(d1, d2)?.try_into().ok()?).ok()
}

fn field(right: bool, name: &'static str) -> Result<(), Problem> {
    if right { Ok(()) } else { Err(Problem::Field { name }) }
}

#[cfg(test)]
mod tests;
