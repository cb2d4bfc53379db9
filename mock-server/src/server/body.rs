//! Collecting a request's body: none costs nothing, one piece is handed on as it came, more are joined once.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;

/// How much of a refused body is read on, so that a client in the middle of sending hears the refusal.
const DISCARD_BYTES: usize = 16 * 1024 * 1024;
/// How long a refused body is read on.
const DISCARD_TIME: Duration = Duration::from_secs(5);

/// What came of collecting a body.
#[derive(Debug)]
pub(super) enum Collected<B> {
    /// All of it.
    Whole(Bytes),
    /// It is longer than allowed, by its own announcement or by what came; this is what has not been read.
    TooLarge(B),
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn collect<B>(mut body: B, limit: usize) -> Result<Collected<B>, B::Error>
where
    B: Body<Data = Bytes> + Unpin,
{
    if body.is_end_stream() {
        return Ok(Collected::Whole(Bytes::new()));
    }
    // With a content length this is the exact size, otherwise 0.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Ok(Collected::TooLarge(body));
    }
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // Trailers say nothing here.
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        let length = if joined.is_empty() {
            first.len()
        } else {
            joined.len()
        };
        if piece.len() > limit - length {
            return Ok(Collected::TooLarge(body));
        }
        if first.is_empty() {
            first = piece;
        } else {
            if joined.is_empty() {
                joined.reserve(announced.max(length + piece.len()));
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&piece);
        }
    }
    Ok(Collected::Whole(if joined.is_empty() {
        first
    } else {
        joined.freeze()
    }))
}

/// Reads on what a client sends after the refusal, within bounds, in the background.
///
/// Closing a socket with unread bytes resets it, and the reset can overtake the answer.
pub(super) fn discard<B>(mut body: B)
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Send,
{
    tokio::spawn(async move {
        let read_on = async {
            let mut left = DISCARD_BYTES;
            while let Some(Ok(frame)) = body.frame().await {
                let length = frame.data_ref().map_or(0, Bytes::len);
                let Some(rest) = left.checked_sub(length) else {
                    return;
                };
                left = rest;
            }
        };
        // The outcome is the same either way: what is left unread closes the connection.
        let _ = tokio::time::timeout(DISCARD_TIME, read_on).await;
    });
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body_util::{Empty, Full};
    use hyper::body::{Frame, SizeHint};

    use super::*;

    /// A body of known pieces, with its length announced or not.
    struct Pieces(VecDeque<&'static [u8]>, Option<u64>);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let piece = self.0.pop_front();
            Poll::Ready(piece.map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
        }

        fn size_hint(&self) -> SizeHint {
            self.1.map_or_else(SizeHint::default, SizeHint::with_exact)
        }
    }

    fn pieces(pieces: &[&'static [u8]], announced: Option<u64>) -> Pieces {
        Pieces(pieces.iter().copied().collect(), announced)
    }

    async fn whole<B>(body: B, limit: usize) -> Option<Bytes>
    where
        B: Body<Data = Bytes, Error = Infallible> + Unpin,
    {
        match collect(body, limit).await {
            Ok(Collected::Whole(bytes)) => Some(bytes),
            Ok(Collected::TooLarge(_)) => None,
            Err(never) => match never {},
        }
    }

    #[tokio::test]
    async fn no_body_is_empty() {
        assert_eq!(whole(Empty::new(), 0).await.unwrap(), "");
        assert_eq!(whole(pieces(&[], None), 0).await.unwrap(), "");
    }

    #[tokio::test]
    async fn one_piece_is_not_copied() {
        let sent = Bytes::from(vec![7; 100]);
        assert_eq!(
            whole(Full::new(sent.clone()), 100).await.unwrap().as_ptr(),
            sent.as_ptr()
        );
        let piece: &'static [u8] = b"alone";
        assert_eq!(
            whole(pieces(&[piece], None), 5).await.unwrap().as_ptr(),
            piece.as_ptr()
        );
    }

    #[tokio::test]
    async fn pieces_are_joined_in_order() {
        for announced in [None, Some(6)] {
            assert_eq!(
                whole(pieces(&[b"ab", b"", b"cd", b"ef"], announced), 6)
                    .await
                    .unwrap(),
                "abcdef"
            );
        }
    }

    #[tokio::test]
    async fn the_limit_is_inclusive() {
        for announced in [None, Some(4)] {
            assert!(whole(pieces(&[b"ab", b"cd"], announced), 4).await.is_some());
            assert!(whole(pieces(&[b"ab", b"cd"], announced), 3).await.is_none());
        }
    }

    #[tokio::test]
    async fn an_announced_excess_is_refused_unread() {
        let Ok(Collected::TooLarge(rest)) = collect(pieces(&[b"ab"], Some(2)), 1).await else {
            panic!("2 bytes passed a limit of 1");
        };
        assert_eq!(rest.0.len(), 1);
    }
}
