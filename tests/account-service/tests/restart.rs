//! What lasts when the service or its database goes away and comes back.

use account_service::{AppError, Config, CustomerApp, Service, Storage};
use anyhow::Result;
use tempfile::TempDir;
use workshop::postgres::{self, Postgres};

/// Andrea Amsel, of gematik's test data.
const AMSEL: &str = "A123456780";

fn start(dir: &TempDir, database: &Storage, port: u16) -> Result<Service> {
    let member = format!("{AMSEL};Amsel;Andrea;19971228").parse()?;
    let database = database.clone();
    Service::start(Config { database, port, ..Config::new(dir.path(), vec![member]) })
}

fn app(service: &Service) -> Result<CustomerApp> {
    CustomerApp::new(&service.url(), service.ca_certificate())
}

#[tokio::test]
async fn a_service_starts_again_at_once_on_its_port_and_with_its_data() {
    let postgres = postgres::shared().map(|server| Storage::Postgres(server.database().unwrap()));
    for database in [Some(Storage::Folder), postgres].into_iter().flatten() {
        let dir = tempfile::tempdir().unwrap();
        let mut service = start(&dir, &database, 0).unwrap();
        let registration = app(&service).unwrap().register(AMSEL).await.unwrap();
        for _ in 0..3 {
            let port = service.port();
            drop(service);
            // At once: connections of before may still wait for their last packets.
            service = start(&dir, &database, port).unwrap();
            let shown = app(&service).unwrap().visit_number(&registration).await.unwrap();
            assert_eq!(shown, registration.visit_number);
        }
    }
}

#[tokio::test]
async fn while_its_database_is_away_the_service_says_so_and_heals_by_itself() {
    if let Some(why) = postgres::missing() {
        println!("skipped: {why}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut server = Postgres::start().unwrap();
    let service = start(&dir, &Storage::Postgres(server.database().unwrap()), 0).unwrap();
    let app = app(&service).unwrap();
    let registration = app.register(AMSEL).await.unwrap();

    server.kill().unwrap();
    for _ in 0..2 {
        let asked = app.visit_number(&registration).await;
        assert!(matches!(&asked, Err(AppError::Problem { code, .. }) if code == "UPSTREAM"), "{asked:?}");
    }
    assert!(service.has_epa(AMSEL).is_err());
    server.start_again().unwrap();
    assert_eq!(app.visit_number(&registration).await.unwrap(), registration.visit_number);
    assert!(!service.has_epa(AMSEL).unwrap());
}
