//! The picture out of a document's chip on its way to the window: at an address that is good for one fetch.

use std::{
    borrow::Cow,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use tauri::http::{Method, Request, Response, StatusCode, header};
use zeroize::Zeroizing;

use crate::outside;

/// The scheme of its address: `face://localhost/<token>`.
pub(crate) const SCHEME: &str = "face";
/// Random bytes of a token.
const TOKEN_BYTES: usize = 16;

/// A picture, uncompressed (BMP), wiped with its last holder.
pub(crate) type Picture = Arc<Zeroizing<Vec<u8>>>;

/// Where the window fetches it: one picture at most, once.
#[derive(Clone, Default)]
pub(crate) struct Shelf(Arc<Mutex<Option<Shelved>>>);

struct Shelved {
    token: String,
    picture: Picture,
}

impl Shelf {
    /// Puts a picture there, in place of whatever is; the token for it.
    pub(crate) fn put(&self, picture: Picture) -> String {
        let mut random = [0; TOKEN_BYTES];
        outside::entropy(&mut random);
        let token = random.iter().fold(String::new(), |mut token, byte| {
            // Writing into a string doesn't fail.
            write!(token, "{byte:02x}").ok();
            token
        });
        *self.lock() = Some(Shelved { token: token.clone(), picture });
        token
    }

    /// Nothing is there any more.
    pub(crate) fn clear(&self) {
        *self.lock() = None;
    }

    fn take(&self, token: &str) -> Option<Picture> {
        self.lock().take_if(|shelved| shelved.token == token).map(|shelved| shelved.picture)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Shelved>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the window's fetch. What the web view keeps of it can't be wiped from here, so it is asked to keep nothing.
    pub(crate) fn answer(&self, request: &Request<Vec<u8>>) -> Response<Cow<'static, [u8]>> {
        let token = request.uri().path().trim_start_matches('/');
        let picture = if *request.method() == Method::GET { self.take(token) } else { None };
        let (status, body) = match picture {
            Some(picture) => (StatusCode::OK, picture.to_vec()),
            None => (StatusCode::NOT_FOUND, Vec::new()),
        };
        let mut response = Response::new(Cow::Owned(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "image/bmp"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            headers.insert(name, header::HeaderValue::from_static(value));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(shelf: &Shelf, token: &str) -> (StatusCode, Vec<u8>) {
        let request = Request::get(format!("face://localhost/{token}")).body(Vec::new()).unwrap();
        let response = shelf.answer(&request);
        assert_eq!(response.headers()["cache-control"], "no-store");
        (response.status(), response.body().to_vec())
    }

    fn picture(byte: u8) -> Picture {
        Arc::new(Zeroizing::new(vec![byte; 3]))
    }

    #[test]
    fn a_picture_is_given_out_once_and_to_nobody_who_does_not_know_its_token() {
        let shelf = Shelf::default();
        let token = shelf.put(picture(7));
        assert_eq!(token.len(), 2 * TOKEN_BYTES);
        assert_eq!(get(&shelf, ""), (StatusCode::NOT_FOUND, vec![]));
        assert_eq!(get(&shelf, &"0".repeat(32)), (StatusCode::NOT_FOUND, vec![]));
        assert_eq!(get(&shelf, &token), (StatusCode::OK, vec![7; 3]));
        assert_eq!(get(&shelf, &token), (StatusCode::NOT_FOUND, vec![]));
    }

    #[test]
    fn the_next_picture_takes_the_place_of_the_last_and_after_the_step_there_is_none() {
        let shelf = Shelf::default();
        let first = shelf.put(picture(1));
        let second = shelf.put(picture(2));
        assert_ne!(first, second);
        assert_eq!(get(&shelf, &first).0, StatusCode::NOT_FOUND);
        shelf.clear();
        assert_eq!(get(&shelf, &second).0, StatusCode::NOT_FOUND);
    }

    #[test]
    fn only_a_get_takes_it() {
        let shelf = Shelf::default();
        let token = shelf.put(picture(1));
        let head = Request::head(format!("face://localhost/{token}")).body(Vec::new()).unwrap();
        assert_eq!(shelf.answer(&head).status(), StatusCode::NOT_FOUND);
        assert_eq!(get(&shelf, &token).0, StatusCode::OK);
    }
}
