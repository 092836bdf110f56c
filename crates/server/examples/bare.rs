//! The rival of `make bench`: a bare axum handler that answers a tracking request's bytes and does nothing.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::header,
    response::{IntoResponse, Response},
    routing::any,
};

const GIF: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x21, 0xf9, 4, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0,
    1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

async fn answer(request: Request) -> Response {
    // Bodies are read, as any tracker has to.
    let _ = to_bytes(request.into_body(), 1 << 20).await;
    ([(header::CONTENT_TYPE, "image/gif"), (header::CACHE_CONTROL, "no-store")], Body::from(GIF)).into_response()
}

#[tokio::main]
async fn main() {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:18300".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await.expect("the address is free");
    let routes = Router::new().route("/matomo.php", any(answer)).route("/api/event", any(answer));
    axum::serve(listener, routes).await.expect("the listener works");
}
