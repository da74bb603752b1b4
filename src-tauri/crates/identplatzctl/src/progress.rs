//! Something that takes longer than half a second: told on standard error, and broken off by Ctrl-C.

use std::{
    io::{self, IsTerminal, Write},
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use store::{OnProgress, Phase, Progress};

use crate::{failure::Failure, language::Language};

/// How long nothing is told.
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two tellings at a terminal, where one replaces the other.
const AT_TERMINAL: Duration = Duration::from_millis(100);
/// Between two tellings anywhere else: a log gets a line each time.
const IN_LOG: Duration = Duration::from_secs(10);

/// Runs a job that tells how far it is. Ctrl-C (on Linux a hang-up and a request to terminate likewise) lets it break off at
/// its next step, so that it leaves nothing half; checks of a whole database are a step.
///
/// # Errors
/// [`Failure::Internal`] if the interruption can't be caught: then nothing was begun.
pub(crate) fn with_progress<T>(
    language: Language,
    job: impl FnOnce(OnProgress<'_>) -> T,
) -> Result<T, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let noticed = Arc::clone(&interrupted);
    ctrlc::set_handler(move || noticed.store(true, Ordering::Relaxed))
        .map_err(|_| Failure::Internal { what: "Ctrl-C can't be caught" })?;
    let (tell, told) = channel();
    let printer = thread::spawn(move || {
        let err = io::stderr();
        let is_terminal = err.is_terminal();
        // Nobody reading it is no reason to stop.
        show(&told, &mut &err, PATIENCE, is_terminal, language).ok();
    });
    let done = job(&mut |progress| {
        tell.send(progress).ok();
        if interrupted.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    drop(tell);
    printer.join().map_err(|_| Failure::Internal { what: "showing progress" })?;
    Ok(done)
}

/// Shows the newest of what is told after `patience` and then again and again, until there is no more.
fn show(
    told: &Receiver<Progress>,
    out: &mut impl Write,
    patience: Duration,
    is_terminal: bool,
    language: Language,
) -> io::Result<()> {
    let (mut newest, mut width) = (None, 0);
    let mut due = Instant::now() + patience;
    loop {
        match told.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(progress) => newest = Some(progress),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        let Some(progress) = newest else { continue };
        if Instant::now() < due {
            continue;
        }
        let text = text(progress, language);
        if is_terminal {
            // Blanks over what is left of a longer line.
            write!(out, "\r{text:width$}")?;
            width = text.chars().count();
            out.flush()?;
            due = Instant::now() + AT_TERMINAL;
        } else {
            writeln!(out, "{text}")?;
            due = Instant::now() + IN_LOG;
        }
    }
    if width > 0 {
        write!(out, "\r{:width$}\r", "")?;
    }
    out.flush()
}

fn text(Progress { phase, done, total }: Progress, language: Language) -> String {
    match phase {
        Phase::Copying => {
            let percent = (done * 100).checked_div(total).unwrap_or(0);
            language.pick(
                format!("Kopieren: {done} von {total} Seiten ({percent} %)"),
                format!("Copying: {done} of {total} pages ({percent} %)"),
            )
        }
        Phase::Verifying => language
            .pick("Prüfen: jede Seite und die Kette …", "Verifying: every page and the chain …")
            .to_owned(),
        Phase::Upgrading => {
            language.pick("Umstellen auf das neue Schema …", "Bringing it to the new schema …").to_owned()
        }
        Phase::Erasing => {
            language.pick("Erneut löschen, was gelöscht war …", "Erasing again what was erased …").to_owned()
        }
        Phase::Naming => language.pick("Fertigstellen …", "Finishing …").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Progress = Progress { phase: Phase::Copying, done: 3_072, total: 6_144 };
    const CHECK: Progress = Progress { phase: Phase::Verifying, done: 0, total: 0 };

    /// What is shown of a copy and a check, each as soon as it is told.
    fn shown(is_terminal: bool, patience: Duration) -> String {
        let (tell, told) = channel();
        let mut out = Vec::new();
        for progress in [HALF, CHECK] {
            tell.send(progress).ok();
        }
        drop(tell);
        show(&told, &mut out, patience, is_terminal, Language::De).ok();
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn what_is_done_within_the_patience_is_not_told() {
        assert_eq!(shown(true, Duration::from_secs(60)), "");
        assert_eq!(shown(false, Duration::from_secs(60)), "");
    }

    #[test]
    fn a_log_gets_lines_and_a_terminal_one_line_that_is_gone_in_the_end() {
        let line = "Kopieren: 3072 von 6144 Seiten (50 %)";
        assert_eq!(shown(false, Duration::ZERO), format!("{line}\n"));
        let blank = " ".repeat(line.chars().count());
        assert_eq!(shown(true, Duration::ZERO), format!("\r{line}\r{blank}\r"));
    }

    #[test]
    fn an_empty_database_is_no_division_by_nothing() {
        let nothing = Progress { phase: Phase::Copying, done: 0, total: 0 };
        assert_eq!(text(nothing, Language::En), "Copying: 0 of 0 pages (0 %)");
    }
}
