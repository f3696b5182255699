//! What traces are told of a request here; its span is the server's.

use domain::id::RequestId;
use tracing::{Span, field::display};

/// The field of the request's span that leads to the lines of the log.
pub const REQUEST_ID: &str = "vestibule.request_id";

/// Notes the id that the log and the answer tell, where a span is open for it.
pub(crate) fn note(id: &RequestId) {
    Span::current().record(REQUEST_ID, display(id));
}
