//! Against `ippeveprinter`, the IPP Everywhere printer that comes with CUPS.

use std::{fs, future::pending, process::Command, time::Duration};

use anyhow::{Context, Result};
use printing::{
    Document, Error, JobId, JobState, Outcome, Printer, PrinterState, Progress, Transport, Trust,
};
use tempfile::TempDir;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use workshop::printer::VirtualPrinter;

const SOON: Duration = Duration::from_secs(30);
const LETTER: &[u8] = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n";

fn pdf(bytes: &[u8]) -> Document<'_> {
    Document { bytes, format: "application/pdf", name: "Platz 3" }
}

struct Desk {
    device: VirtualPrinter,
    printer: Printer,
    _folder: TempDir,
}

impl Desk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let device = VirtualPrinter::start(folder.path())?;
        let printer = Printer::new(&device.uri(), Transport::PlainAllowed, Trust::System)?;
        Ok(Self { device, printer, _folder: folder })
    }

    async fn outcome(&self, job: JobId) -> Result<Outcome, Error> {
        self.printer.follow(job, SOON, pending(), |_| ()).await
    }

    fn printed(&self) -> Result<Vec<Vec<u8>>> {
        Ok(self.device.documents()?.iter().map(fs::read).collect::<Result<_, _>>()?)
    }

    /// Watches a job in the background, as the desk does.
    fn watch(&self, job: JobId) -> Watch {
        let (tell, changes) = mpsc::unbounded_channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let printer = self.printer.clone();
        let task = tokio::spawn(async move {
            let cancel = async { drop(stopped.await) };
            printer.follow(job, SOON, cancel, |progress| drop(tell.send(progress.clone()))).await
        });
        Watch { changes, stop, task }
    }
}

struct Watch {
    changes: mpsc::UnboundedReceiver<Progress>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<Outcome, Error>>,
}

impl Watch {
    /// Waits until the printer reports `keyword` during this job.
    async fn wait_for(&mut self, keyword: &str) -> Result<Progress> {
        loop {
            let change = timeout(SOON, self.changes.recv()).await.context(keyword.to_owned())?;
            let progress = change.with_context(|| format!("the job ended without {keyword}"))?;
            if progress.printer_reasons.iter().any(|reason| reason.keyword == keyword) {
                return Ok(progress);
            }
        }
    }

    /// Waits for the end, and for what was seen since.
    async fn outcome(mut self) -> Result<(Outcome, Vec<Progress>)> {
        let outcome = self.task.await??;
        let mut seen = Vec::new();
        while let Some(progress) = self.changes.recv().await {
            seen.push(progress);
        }
        Ok((outcome, seen))
    }
}

#[tokio::test]
async fn a_pdf_arrives_byte_for_byte_and_its_job_is_completed() -> Result<()> {
    let desk = Desk::new()?;
    let job = desk.printer.print(pdf(LETTER)).await?;
    assert_eq!(desk.outcome(job).await?, Outcome::Completed);
    assert_eq!(desk.printed()?, [LETTER]);
    assert_eq!(desk.printer.job(job).await?.state, JobState::Completed);
    Ok(())
}

#[tokio::test]
async fn documents_of_some_megabytes_arrive_byte_for_byte_one_after_the_other() -> Result<()> {
    let desk = Desk::new()?;
    let large: Vec<u8> = LETTER.iter().copied().cycle().take(5_000_000).collect();
    for document in [&large[..], LETTER] {
        let job = desk.printer.print(pdf(document)).await?;
        assert_eq!(desk.outcome(job).await?, Outcome::Completed);
    }
    assert!(desk.printed()? == [&large[..], LETTER]);
    Ok(())
}

#[tokio::test]
async fn the_printer_tells_what_it_is() -> Result<()> {
    let desk = Desk::new()?;
    let status = desk.printer.status().await?;
    assert!(status.accepting);
    assert_eq!(status.state, PrinterState::Idle);
    assert_eq!(status.reasons, []);
    assert_eq!(status.name.as_deref(), Some("Workshop"));
    assert_eq!(status.make_and_model.as_deref(), Some("Example Printer"));
    assert!(status.formats.iter().any(|format| format == "application/pdf"));
    Ok(())
}

#[tokio::test]
async fn without_paper_the_job_waits_says_why_and_is_completed_after_the_refill() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    let job = desk.printer.print(pdf(LETTER)).await?;
    let mut watch = desk.watch(job);
    let waiting = watch.wait_for("media-empty").await?;
    assert_eq!(waiting.job.state, JobState::Processing);
    assert_eq!(desk.printed()?.len(), 0);
    desk.device.refill()?;
    let (outcome, seen) = watch.outcome().await?;
    assert_eq!(outcome, Outcome::Completed);
    let all = [vec![waiting], seen].concat();
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{all:?}");
    let last = all.last().context("nothing was seen")?;
    assert_eq!((last.job.state, &last.printer_reasons[..]), (JobState::Completed, &[][..]));
    assert_eq!(desk.printed()?, [LETTER]);
    Ok(())
}

#[tokio::test]
async fn a_jam_is_reported_by_its_keyword() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.jam()?;
    let mut watch = desk.watch(desk.printer.print(pdf(LETTER)).await?);
    watch.wait_for("media-jam").await?;
    desk.device.clear_jam()?;
    assert_eq!(watch.outcome().await?.0, Outcome::Completed);
    Ok(())
}

#[tokio::test]
async fn a_failing_device_aborts_the_job_and_prints_the_next_one() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.fail_next()?;
    let job = desk.printer.print(pdf(b"%PDF-1.7 lost")).await?;
    assert_eq!(desk.outcome(job).await?, Outcome::Aborted);
    let job = desk.printer.print(pdf(LETTER)).await?;
    assert_eq!(desk.outcome(job).await?, Outcome::Completed);
    assert_eq!(desk.printed()?, [LETTER]);
    Ok(())
}

#[tokio::test]
async fn a_cancelled_job_ends_as_cancelled() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    let job = desk.printer.print(pdf(LETTER)).await?;
    let mut watch = desk.watch(job);
    watch.wait_for("media-empty").await?;
    desk.printer.cancel(job).await?;
    desk.device.refill()?;
    assert_eq!(watch.outcome().await?.0, Outcome::Canceled);
    assert_eq!(desk.printer.cancel(job).await, Err(Error::Refused { status: 0x0404 }));
    Ok(())
}

#[tokio::test]
async fn a_printer_at_another_job_is_busy() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    let mut watch = desk.watch(desk.printer.print(pdf(LETTER)).await?);
    watch.wait_for("media-empty").await?;
    assert_eq!(desk.printer.print(pdf(b"%PDF-1.7 second")).await, Err(Error::Busy));
    assert_eq!(desk.printer.status().await?.state, PrinterState::Processing);
    desk.device.refill()?;
    assert_eq!(watch.outcome().await?.0, Outcome::Completed);
    assert_eq!(desk.printed()?, [LETTER]);
    Ok(())
}

#[tokio::test]
async fn watching_ends_at_its_deadline_or_when_it_is_cancelled_and_the_job_goes_on() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    let job = desk.printer.print(pdf(LETTER)).await?;
    let soon = Duration::from_millis(300);
    assert_eq!(desk.printer.follow(job, soon, pending(), |_| ()).await?, Outcome::GaveUp);
    let mut watch = desk.watch(job);
    watch.wait_for("media-empty").await?;
    watch.stop.send(()).unwrap();
    assert_eq!(watch.task.await??, Outcome::GaveUp);
    desk.device.refill()?;
    assert_eq!(desk.outcome(job).await?, Outcome::Completed);
    Ok(())
}

#[tokio::test]
async fn a_printer_that_loses_power_during_a_job_is_unreachable() -> Result<()> {
    let mut desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    let mut watch = desk.watch(desk.printer.print(pdf(LETTER)).await?);
    watch.wait_for("media-empty").await?;
    desk.device.power_off();
    assert_eq!(watch.task.await?, Err(Error::Unreachable));
    assert_eq!(desk.printer.status().await, Err(Error::Unreachable));
    assert_eq!(desk.printer.print(pdf(LETTER)).await, Err(Error::Unreachable));
    desk.device.power_on()?;
    assert_eq!(desk.printer.status().await?.state, PrinterState::Idle);
    assert_eq!(desk.printed()?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_format_that_the_printer_does_not_know_is_refused() -> Result<()> {
    let desk = Desk::new()?;
    let document = Document { bytes: b"%!PS", format: "application/postscript", name: "Platz 3" };
    assert_eq!(desk.printer.print(document).await, Err(Error::FormatUnsupported));
    Ok(())
}

#[tokio::test]
async fn a_job_that_never_was_is_unknown() -> Result<()> {
    let desk = Desk::new()?;
    let job = JobId::new(4711).unwrap();
    assert_eq!(desk.printer.job(job).await, Err(Error::NoSuchJob));
    assert_eq!(desk.printer.cancel(job).await, Err(Error::NoSuchJob));
    assert_eq!(desk.outcome(job).await, Err(Error::NoSuchJob));
    Ok(())
}

#[tokio::test]
async fn finished_jobs_are_listed_with_their_neutral_names() -> Result<()> {
    let desk = Desk::new()?;
    let job = desk.printer.print(pdf(LETTER)).await?;
    desk.outcome(job).await?;
    let jobs = desk.printer.jobs().await?;
    let [listed] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!((listed.id, listed.status.state), (job, JobState::Completed));
    assert_eq!(listed.name.as_deref(), Some("Platz 3"));
    Ok(())
}

#[tokio::test]
async fn the_printer_learns_the_desks_name_and_not_its_users() -> Result<()> {
    let desk = Desk::new()?;
    desk.device.run_out_of_paper()?;
    desk.printer.print(pdf(LETTER)).await?;
    let jobs = Command::new("ipptool").args(["-tv", &desk.device.uri(), "get-jobs.test"]).output()?;
    let jobs = String::from_utf8_lossy(&jobs.stdout).into_owned();
    assert!(jobs.contains("job-originating-user-name (nameWithoutLanguage) = Identplatz"), "{jobs}");
    Ok(())
}

#[test]
fn a_document_does_not_tell_its_content() {
    let shown = format!("{:?}", pdf(b"CODE-1234"));
    assert!(
        shown.contains("application/pdf") && !shown.contains("CODE") && !shown.contains("67, 79"),
        "{shown}"
    );
}
