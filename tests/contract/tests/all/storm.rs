//! Deliveries that many make at once, or that much goes wrong with, take effect once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use account::{AccountClient, Delivery, DeliveryError, Endpoint, Timeouts};
use account_service::{Exchange, Fault};
use tokio::task::JoinSet;

use crate::{
    desk::Desk,
    support::{DESK, INSURED, World, id},
};

/// Deliveries answered as new, by their path.
fn taken_up(exchanges: &[Exchange]) -> HashMap<&str, usize> {
    let mut taken_up = HashMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.method == "PUT" && exchange.status == 201) {
        *taken_up.entry(exchange.path.as_str()).or_default() += 1;
    }
    taken_up
}

#[tokio::test]
async fn one_delivery_made_at_the_same_time_on_many_connections_has_one_effect() {
    const AT_ONCE: usize = 12;
    let world = World::start();
    let desk = world.desk().await;
    for _ in 0..4 {
        let delivery = Arc::new(desk.identified(id(), INSURED));
        let mut deliveries = JoinSet::new();
        for _ in 0..AT_ONCE {
            // A client keeps its connections to itself.
            let client = AccountClient::new(&world.endpoint(), &desk.identity).unwrap();
            let delivery = Arc::clone(&delivery);
            deliveries.spawn(async move { client.deliver(&delivery).await.unwrap().already });
        }
        let already = deliveries.join_all().await;
        assert_eq!(already.iter().filter(|already| !**already).count(), 1, "{already:?}");
    }
    assert_eq!(taken_up(&world.exchanges()).into_values().collect::<Vec<_>>(), [1; 4]);
    assert!(world.service.record_gaps(DESK).unwrap().is_empty());
    world.check_exchanges();
}

/// Tries until the service has it; how often.
async fn until_delivered(desk: &Desk, delivery: &Delivery) -> usize {
    for tried in 1..=40 {
        match desk.deliver(delivery).await {
            Ok(_) => return tried,
            Err(DeliveryError::Unreachable | DeliveryError::Unknown | DeliveryError::RetryAfter(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("never delivered");
}

#[tokio::test]
async fn in_a_storm_every_record_arrives_and_takes_effect_once() {
    const RECORDS: usize = 30;
    let world = World::start();
    let identity = world.enrol(DESK).await;
    let exchange = Duration::from_secs(1);
    let timeouts = Timeouts { exchange, ..world.endpoint().timeouts };
    let desk = Desk::new(&Endpoint { timeouts, ..world.endpoint() }, &identity);
    let deliveries: Vec<_> = (0..RECORDS).map(|_| desk.identified(id(), INSURED)).collect();

    world.service.fault(Fault::Storm { per_mille: 500, seed: 20_261_122 });
    let mut tries = 0;
    for delivery in &deliveries {
        tries += until_delivered(&desk, delivery).await;
    }
    assert!(tries > RECORDS + 5, "that was no storm: {tries} tries");
    world.service.fault(Fault::None);
    for delivery in &deliveries {
        assert!(desk.deliver(delivery).await.unwrap().already);
    }
    assert!(taken_up(&world.exchanges()).into_values().all(|times| times == 1));
    assert!(world.service.record_gaps(DESK).unwrap().is_empty());
}
