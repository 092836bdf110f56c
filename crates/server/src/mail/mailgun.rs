//! Letters by Mailgun's own interface.

use std::time::Duration;

use axum::http::{Request, StatusCode, header};
use footfall_admin::WaitingLetter;
use footfall_model::Error;

use super::Failure;
use crate::outbound::Outbound;

/// The longest answer that is read.
const LARGEST: u64 = 64 << 10;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A domain at Mailgun.
#[derive(Clone, Debug)]
pub(crate) struct Mailgun {
    pub(super) base: String,
    pub(super) domain: String,
    /// What is said for the key, in the head of a request.
    pub(super) authorization: String,
    pub(super) outbound: Outbound,
}

impl Mailgun {
    pub(super) async fn send(&self, letter: &WaitingLetter) -> Result<(), Failure> {
        let boundary = format!("footfall-{:032x}", rand::random::<u128>());
        let body = form(&boundary, &letter.recipient, &letter.message);
        let request = Request::post(format!("{}/{}/messages.mime", self.base, self.domain))
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .body(body)
            .map_err(|_| Failure { error: Error::invalid("`MAILGUN_BASE_URI` makes no address"), is_final: true })?;
        let answer = self.outbound.ask(request, LARGEST, PATIENCE).await;
        let answer = answer.map_err(|error| Failure { error, is_final: false })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(answer.body());
        let said: String = said.chars().filter(|sign| !sign.is_control()).take(200).collect();
        // A key that is refused may be mended, and the letter sent then.
        let passes = status.is_server_error()
            || [StatusCode::TOO_MANY_REQUESTS, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
        Err(Failure { error: Error::broken(format!("Mailgun answers with {status}: {said}")), is_final: !passes })
    }
}

/// The fields of a message that is written already.
fn form(boundary: &str, to: &str, message: &str) -> Vec<u8> {
    let to = to.replace(['\r', '\n'], "");
    format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"to\"\r\n\r\n{to}\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"message\"; filename=\"message.mime\"\r\n\
         content-type: message/rfc822\r\n\r\n{message}\r\n--{boundary}--\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn a_form_has_the_address_and_the_message() {
        let form = String::from_utf8(form("b", "ada@example.org\r\nbcc: eve", "Subject: Hello\r\n\r\nHi")).unwrap();
        let wanted = "--b\r\ncontent-disposition: form-data; name=\"to\"\r\n\r\nada@example.orgbcc: eve\r\n--b\r\n\
            content-disposition: form-data; name=\"message\"; filename=\"message.mime\"\r\ncontent-type: message/rfc822\r\n\r\n\
            Subject: Hello\r\n\r\nHi\r\n--b--\r\n";
        assert_eq!(form, wanted);
    }
}
