//! A printer and what can be asked of it.

use std::{fmt, time::Duration};

use bytes::Bytes;
use ipp::{attribute::IppAttributeName, model::Operation};
use zeroize::Zeroizing;

use crate::{
    Error, JobId, JobState, JobStatus, PrinterState, PrinterStatus, StateReason, Transport, Trust,
    address::Address,
    codec::{Answer, Attributes, Request},
    http::{Failure, Http},
};

/// Sixteen mebibytes: two hundred times a letter with its fonts, and still taken in by a slow printer in time.
pub const MAX_DOCUMENT: usize = 16 * 1024 * 1024;

/// Jobs that are asked for at once: more than any printer keeps.
const MAX_JOBS: i32 = 500;

/// `client-error-not-found` and `client-error-gone` (RFC 8011, appendix B.1.4).
const NOT_FOUND: [Error; 2] = [Error::Refused { status: 0x0406 }, Error::Refused { status: 0x0407 }];

/// `client-error-attributes-or-values-not-supported`: what a printer answers that does not know `which-jobs` = `all`.
const VALUE_NOT_SUPPORTED: Error = Error::Refused { status: 0x040b };

/// `server-error-internal-error`, `-device-error`, `-temporary-error` and `-job-canceled` (RFC 8011, appendix B.1.5):
/// printers that print while they receive say so when the first sheet may be out.
const BROKEN_OFF: [u16; 4] = [0x0500, 0x0504, 0x0505, 0x0508];

const PRINTER_ATTRIBUTES: [IppAttributeName; 6] = [
    IppAttributeName::PRINTER_IS_ACCEPTING_JOBS,
    IppAttributeName::PRINTER_STATE,
    IppAttributeName::PRINTER_STATE_REASONS,
    IppAttributeName::PRINTER_NAME,
    IppAttributeName::PRINTER_MAKE_AND_MODEL,
    IppAttributeName::DOCUMENT_FORMAT_SUPPORTED,
];

const JOB_ATTRIBUTES: [IppAttributeName; 4] = [
    IppAttributeName::JOB_ID,
    IppAttributeName::JOB_NAME,
    IppAttributeName::JOB_STATE,
    IppAttributeName::JOB_STATE_REASONS,
];

/// What is to be printed, once and one copy of it.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The document, at most [`MAX_DOCUMENT`] bytes.
    pub bytes: &'a [u8],
    /// Media type, such as `application/pdf`.
    pub format: &'a str,
    /// `job-name`, cut to 255 bytes. Printers show it on their panel and keep it: it must be neutral.
    pub name: &'a str,
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("format", &self.format)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A job in a printer's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    /// The printer's number for it.
    pub id: JobId,
    /// `job-name`, at most 127 bytes; some printers keep it to themselves.
    pub name: Option<String>,
    /// Its state.
    pub status: JobStatus,
}

/// A printer, by its address. Cheap to clone; holds no connection longer than some seconds.
#[derive(Debug, Clone)]
pub struct Printer {
    address: Address,
    http: Http,
}

impl Printer {
    /// The printer at `uri`, such as `ipps://printer.example/ipp/print`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::PlainForbidden`] or [`Error::Trust`].
    pub fn new(uri: &str, transport: Transport, trust: Trust) -> Result<Self, Error> {
        let address = Address::new(uri, transport)?;
        let http = Http::new(address.url.clone(), &trust)?;
        Ok(Self { address, http })
    }

    /// Waits at most so long for an answer, instead of ten seconds, and sixty for a document to be taken in.
    #[must_use]
    pub fn answering_within(mut self, timeout: Duration) -> Self {
        self.http.set_timeout(timeout);
        self
    }

    /// How the printer is (Get-Printer-Attributes).
    ///
    /// # Errors
    /// If the printer can't be asked.
    pub async fn status(&self) -> Result<PrinterStatus, Error> {
        let request = Request::new(Operation::GetPrinterAttributes, &self.address)?;
        let answer = self.ask(request.requesting(&PRINTER_ATTRIBUTES)).await?;
        let printer = answer.printer();
        let reasons = printer.keywords(IppAttributeName::PRINTER_STATE_REASONS);
        let formats = printer.keywords(IppAttributeName::DOCUMENT_FORMAT_SUPPORTED);
        Ok(PrinterStatus {
            accepting: printer.boolean(IppAttributeName::PRINTER_IS_ACCEPTING_JOBS).unwrap_or(true),
            state: PrinterState::from_enum(printer.integer(IppAttributeName::PRINTER_STATE)),
            reasons: reasons.filter_map(StateReason::from_keyword).collect(),
            name: printer.label(IppAttributeName::PRINTER_NAME),
            make_and_model: printer.label(IppAttributeName::PRINTER_MAKE_AND_MODEL),
            formats: formats.map(str::to_owned).collect(),
        })
    }

    /// Sends a document (Print-Job) and returns when the printer has taken all of it in, not when it is printed:
    /// that is for [`follow`](Self::follow) to see. The copy that travels is wiped afterwards, as far as it is ours.
    ///
    /// # Errors
    /// [`Error::Unconfirmed`] if the sheet may come out all the same: this must never be tried again with the same
    /// document. With every other error nothing is printed. Whoever drops the future early knows neither.
    pub async fn print(&self, document: Document<'_>) -> Result<JobId, Error> {
        if document.bytes.len() > MAX_DOCUMENT {
            return Err(Error::DocumentTooLarge);
        }
        let request = Request::new(Operation::PrintJob, &self.address)?
            .job_name(document.name)
            .document_format(document.format)?
            .copies(1)
            .encode();
        let mut body = Zeroizing::new(Vec::with_capacity(request.len() + document.bytes.len()));
        body.extend_from_slice(&request);
        body.extend_from_slice(document.bytes);

        let answer =
            self.http.send_document(Bytes::from_owner(body)).await.map_err(|failure| match failure {
                Failure::NotSent(error) => error,
                Failure::Lost(_) => Error::Unconfirmed,
            })?;
        let answer = Answer::decode(answer).map_err(|_| Error::Unconfirmed)?;
        match answer.successful() {
            Ok(answer) => job_id(answer.job()).ok_or(Error::Unconfirmed),
            Err(Error::Refused { status }) if BROKEN_OFF.contains(&status) => Err(Error::Unconfirmed),
            Err(error) => Err(error),
        }
    }

    /// How a job is (Get-Job-Attributes), finished or not.
    ///
    /// # Errors
    /// [`Error::NoSuchJob`] if the printer has forgotten it, or if the printer can't be asked.
    pub async fn job(&self, id: JobId) -> Result<JobStatus, Error> {
        let request = Request::new(Operation::GetJobAttributes, &self.address)?.job(id);
        match self.ask(request.requesting(&JOB_ATTRIBUTES)).await {
            Ok(answer) => Ok(job_status(answer.job())),
            // Some printers answer for unfinished jobs only and have the others in their list.
            Err(error) if NOT_FOUND.contains(&error) => {
                let listed = self.jobs().await?.into_iter().find(|job| job.id == id);
                listed.map(|job| job.status).ok_or(Error::NoSuchJob)
            }
            Err(error) => Err(error),
        }
    }

    /// All jobs that the printer tells of, finished ones included as far as it remembers them (Get-Jobs).
    ///
    /// # Errors
    /// If the printer can't be asked.
    pub async fn jobs(&self) -> Result<Vec<ListedJob>, Error> {
        match self.jobs_that_are("all").await {
            // `all` is an extension (PWG 5100.11); the other two every printer knows (RFC 8011, section 4.2.6.1).
            Err(VALUE_NOT_SUPPORTED) => {
                let mut jobs = self.jobs_that_are("not-completed").await?;
                jobs.extend(self.jobs_that_are("completed").await?);
                Ok(jobs)
            }
            jobs => jobs,
        }
    }

    /// Asks the printer to end a job (Cancel-Job). Whether it did, and whether a sheet came out before, the job's
    /// state tells.
    ///
    /// # Errors
    /// [`Error::NoSuchJob`]; [`Error::Refused`] with `client-error-not-possible` (0x0404) if the job has ended; or if
    /// the printer can't be asked.
    pub async fn cancel(&self, id: JobId) -> Result<(), Error> {
        let request = Request::new(Operation::CancelJob, &self.address)?.job(id);
        match self.ask(request).await {
            Ok(_) => Ok(()),
            Err(error) if NOT_FOUND.contains(&error) => Err(Error::NoSuchJob),
            Err(error) => Err(error),
        }
    }

    async fn jobs_that_are(&self, which: &str) -> Result<Vec<ListedJob>, Error> {
        let request = Request::new(Operation::GetJobs, &self.address)?
            .integer(IppAttributeName::LIMIT, MAX_JOBS)
            .requesting(&JOB_ATTRIBUTES)
            .keyword(IppAttributeName::WHICH_JOBS, which);
        let answer = self.ask(request).await?;
        let listed = |job: Attributes<'_>| {
            let name = job.label(IppAttributeName::JOB_NAME);
            Some(ListedJob { id: job_id(job)?, name, status: job_status(job) })
        };
        Ok(answer.jobs().filter_map(listed).collect())
    }

    async fn ask(&self, request: Request) -> Result<Answer, Error> {
        let answer = self.http.ask(request.encode()).await.map_err(Failure::error)?;
        Answer::decode(answer)?.successful()
    }
}

fn job_id(job: Attributes<'_>) -> Option<JobId> {
    job.integer(IppAttributeName::JOB_ID).and_then(JobId::new)
}

fn job_status(job: Attributes<'_>) -> JobStatus {
    let reasons = job.keywords(IppAttributeName::JOB_STATE_REASONS).filter(|reason| *reason != "none");
    JobStatus {
        state: JobState::from_enum(job.integer(IppAttributeName::JOB_STATE)),
        reasons: reasons.map(str::to_owned).collect(),
    }
}
