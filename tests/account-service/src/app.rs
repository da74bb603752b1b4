//! The insured person's app or a representative's, as far as a visit needs it: registers, shows its number, redeems
//! the code.

use std::sync::Arc;

use anyhow::Context;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
    version::TLS13,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::representatives::RepresentativeKind;

/// An app on somebody's telephone.
pub struct CustomerApp {
    http: reqwest::Client,
    url: String,
}

/// A registered app, not yet activated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The app's registration.
    pub registration_id: String,
    /// The Besuchsnummer on its screen.
    pub visit_number: String,
}

/// A code was redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Redeemed {
    /// The electronic health record (ePA) is open in this app.
    pub epa: bool,
}

/// "Waren Sie das nicht?": a code was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// When, RFC 3339.
    pub at: String,
    /// What the code opens, in the contract's word.
    pub purpose: String,
    /// The desk.
    pub place: String,
}

/// Somebody who acts for others and wants an account for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRepresentative {
    /// Family name with its prefixes.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// `1968-12-30`, with `00` for an unknown month or day.
    pub birth_date: String,
    /// By profession or not.
    pub kind: RepresentativeKind,
}

/// A representative's account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepresentativeRegistration {
    /// The account's registration, which redeems codes.
    pub registration_id: String,
    /// Its number, `V-…`, to be said at a desk.
    pub number: String,
}

/// Whoever can redeem a code.
pub trait Redeemer {
    /// Id of the registration that the code is bound to.
    fn registration_id(&self) -> &str;
}

impl Redeemer for Registration {
    fn registration_id(&self) -> &str {
        &self.registration_id
    }
}

impl Redeemer for RepresentativeRegistration {
    fn registration_id(&self) -> &str {
        &self.registration_id
    }
}

/// The service said no, or nothing.
#[derive(Debug)]
pub enum AppError {
    /// A problem of the contract.
    Problem {
        /// Its code.
        code: String,
        /// Tries that remain for a wrong code.
        tries_left: Option<u8>,
    },
    /// No answer, or none of the contract.
    Failed(anyhow::Error),
}

impl CustomerApp {
    /// An app that trusts `ca_certificate` (PEM) and talks to the service at `url`.
    ///
    /// # Errors
    /// An unreadable certificate.
    pub fn new(url: &str, ca_certificate: &str) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_certificate.as_bytes())?)?;
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            // A visit lasts about as long as the service keeps a silent connection: one kept here would now and
            // then be closed under a request.
            .pool_max_idle_per_host(0)
            .build()
            .context("HTTP client")?;
        Ok(Self { http, url: url.to_owned() })
    }

    /// Registers for the person with that Krankenversichertennummer.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn register(&self, kvnr: &str) -> Result<Registration, AppError> {
        let answer = self.post("/app/v1/registrations", &json!({ "kvnr": kvnr })).await?;
        serde_json::from_value(answer).map_err(|error| AppError::Failed(error.into()))
    }

    /// The Besuchsnummer on the screen; an active app, which shows none by itself, asks for one to have the electronic
    /// health record opened.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn visit_number(&self, registration: &Registration) -> Result<String, AppError> {
        let body = json!({ "registrationId": registration.registration_id });
        let answer = self.post("/app/v1/visit-numbers", &body).await?;
        let number = answer["visitNumber"].as_str().context("no visit number").map_err(AppError::Failed)?;
        Ok(number.to_owned())
    }

    /// Registers a representative.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn register_representative(
        &self,
        new: &NewRepresentative,
    ) -> Result<RepresentativeRegistration, AppError> {
        let answer = self.post("/app/v1/representatives", &json!(new)).await?;
        serde_json::from_value(answer).map_err(|error| AppError::Failed(error.into()))
    }

    /// Redeems the code of the sheet with that reference; what is open then.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn redeem(
        &self,
        redeemer: &impl Redeemer,
        reference: &str,
        code: &str,
    ) -> Result<Redeemed, AppError> {
        let id = redeemer.registration_id();
        let body = json!({ "registrationId": id, "reference": reference, "code": code });
        let answer = self.post("/app/v1/redemptions", &body).await?;
        serde_json::from_value(answer).map_err(|error| AppError::Failed(error.into()))
    }

    /// What the person was told about codes that were handed over.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn notices(&self, registration: &Registration) -> Result<Vec<Notice>, AppError> {
        let body = json!({ "registrationId": registration.registration_id });
        let mut answer = self.post("/app/v1/notices", &body).await?;
        serde_json::from_value(answer["notices"].take()).map_err(|error| AppError::Failed(error.into()))
    }

    /// It wasn't them: everything is blocked.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn object(&self, registration: &Registration, notice: &str) -> Result<(), AppError> {
        let body = json!({ "registrationId": registration.registration_id, "noticeId": notice });
        self.post("/app/v1/objections", &body).await.map(drop)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, AppError> {
        let failed = |error: reqwest::Error| AppError::Failed(error.into());
        let request = self.http.post(format!("{}{path}", self.url)).json(body);
        let response = request.send().await.map_err(failed)?;
        let success = response.status().is_success();
        let answer: Value = response.json().await.map_err(failed)?;
        if success {
            return Ok(answer);
        }
        let tries_left = answer["triesLeft"].as_u64();
        Err(AppError::Problem {
            code: answer["code"].as_str().unwrap_or_default().to_owned(),
            tries_left: tries_left.and_then(|tries| u8::try_from(tries).ok()),
        })
    }
}
