//! Country signing authorities (CSCA) and the document signers below them (Doc 9303-12).

use std::sync::Arc;

use jiff::{ToSpan, civil::Date};

use super::{
    certificate::{
        Name, Template, authority, authority_key_identifier, document_types, list_number, may_certify,
        may_sign, purpose, revocation_list_at, signed, state_names, usage_period,
    },
    der::{context, integer, sequence, time, unsigned},
    keys::{SigningKey, serial},
    scheme::Scheme,
    state::{Signature, State},
};
use crate::pki::Validity;

/// A key of a state's authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) state: State,
    pub(crate) generation: Generation,
}

/// Which key of an authority. All have the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// In use nine to four years ago.
    Former,
    /// In use since.
    Current,
    /// Of somebody who calls himself the authority.
    Forged,
}

/// Somebody whom an authority certifies, for one purpose.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    pub(crate) authority: Authority,
    /// What distinguishes it from the others of the state.
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    pub(crate) validity: Validity,
    /// Document types, or another purpose.
    pub(crate) purpose: Purpose,
}

/// What a signer may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Documents whose zones start with these letters.
    Documents(&'static [&'static str]),
    /// What this extended key usage says.
    List(&'static str),
}

impl Authority {
    pub(crate) fn of(state: State, generation: Generation) -> Self {
        Self { state, generation }
    }

    pub(crate) fn key(self) -> Arc<SigningKey> {
        let name = format!("{} {:?}", self.state.authority(), self.generation);
        SigningKey::named(&name, self.state.authority_signature().kind)
    }

    pub(crate) fn scheme(self) -> Scheme {
        self.state.authority_signature().scheme
    }

    pub(crate) fn name(self) -> Name<'static> {
        Name { country: self.state.country(), common: self.state.authority() }
    }

    /// Five years of use and more than ten of documents signed in them.
    pub(crate) fn validity(self, today: Date) -> Validity {
        let since = match self.generation {
            Generation::Former => today.saturating_sub(9.years()),
            Generation::Current | Generation::Forged => today.saturating_sub(4.years()),
        };
        Validity::years(since, 16)
    }

    /// The self-signed certificate.
    pub(crate) fn certificate(self, today: Date) -> Vec<u8> {
        self.certified_by(self, "", today)
    }

    /// The current key's certificate by the former (Doc 9303-12, 7.1.1: link certificate).
    pub(crate) fn link_certificate(state: State, today: Date) -> Vec<u8> {
        let current = Self::of(state, Generation::Current);
        current.certified_by(Self::of(state, Generation::Former), " link", today)
    }

    fn certified_by(self, issuer: Self, suffix: &str, today: Date) -> Vec<u8> {
        let validity = self.validity(today);
        let own = [
            authority(),
            may_certify(),
            usage_period(Validity::years(validity.from, 5)),
            revocation_list_at(self.state.country()),
        ];
        let template = Template {
            issuer: issuer.name(),
            subject: self.name(),
            serial: &format!("{} {:?}{suffix}", self.state.authority(), self.generation),
            validity,
            key: &self.key(),
            extensions: own.into_iter().chain(state_names(self.state.code())).collect(),
        };
        template.signed(&issuer.key(), issuer.scheme())
    }

    /// The list of these revoked signers, three days old.
    pub(crate) fn revocation_list(self, revoked: &[Signer], today: Date) -> Vec<u8> {
        let [issued, since] = [3.days(), 1.month()].map(|ago| today.saturating_sub(ago).at(8, 0, 0, 0));
        let entry = |signer: &Signer| sequence(&[unsigned(&serial(&signer.serial())), time(since)]);
        let mut body = vec![
            // Version 2.
            integer(1),
            self.scheme().identifier(),
            self.name().der(),
            time(issued),
            time(issued.saturating_add(90.days())),
        ];
        if !revoked.is_empty() {
            body.push(sequence(&revoked.iter().map(entry).collect::<Vec<_>>()));
        }
        let extensions = sequence(&[authority_key_identifier(&self.key()), list_number(7)]);
        body.push(context(0, &extensions));
        signed(sequence(&body), &self.key(), self.scheme())
    }
}

impl Signer {
    pub(crate) fn key(&self) -> Arc<SigningKey> {
        SigningKey::named(&self.serial(), self.signature.kind)
    }

    /// What its serial number follows from.
    pub(crate) fn serial(&self) -> String {
        format!("{} {:?} {}", self.authority.state.country(), self.authority.generation, self.name)
    }

    pub(crate) fn certificate(&self) -> Vec<u8> {
        let state = self.authority.state;
        let mut extensions = vec![may_sign(), revocation_list_at(state.country())];
        match self.purpose {
            Purpose::Documents(types) => {
                let used = Validity { to: self.validity.from.saturating_add(3.months()), ..self.validity };
                extensions.extend([usage_period(used), document_types(types)]);
            }
            Purpose::List(usage) => extensions.push(purpose(usage)),
        }
        extensions.extend(state_names(state.code()));
        let template = Template {
            issuer: self.authority.name(),
            subject: Name { country: state.country(), common: self.name },
            serial: &self.serial(),
            validity: self.validity,
            key: &self.key(),
            extensions,
        };
        template.signed(&self.authority.key(), self.authority.scheme())
    }
}
