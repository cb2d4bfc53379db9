//! The head of an HTTP answer, read no further than the load generator needs: the status and where the answer ends.

/// What the head of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Bytes of the head, with the empty line that closes it.
    pub(crate) length: usize,
    /// Bytes of the body.
    pub(crate) body: usize,
}

/// Why bytes are no answer this generator understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Head {
    /// Reads a head; none while its end has not come.
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| Malformed)?;
        let (first, fields) = head.split_once("\r\n").ok_or(Malformed)?;
        let status = first
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .ok_or(Malformed)?;
        let body = field(fields, "content-length")
            .and_then(|value| value.parse().ok())
            .ok_or(Malformed)?;
        Ok(Some(Self {
            status,
            length: end + 4,
            body,
        }))
    }
}

/// The value of a header field.
pub(crate) fn field<'h>(fields: &'h str, name: &str) -> Option<&'h str> {
    fields.split("\r\n").find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_the_answer_ends() {
        let answer = b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\n{}";
        let head = Head::read(answer).unwrap().unwrap();
        assert_eq!((head.status, head.body), (200, 2));
        assert_eq!(head.length + head.body, answer.len());
        assert_eq!(Head::read(&answer[..30]), Ok(None));
    }

    #[test]
    fn other_framings_are_not_understood() {
        for answer in [
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/2 200\r\ncontent-length: 0\r\n\r\n",
            "\r\n\r\n",
        ] {
            assert_eq!(Head::read(answer.as_bytes()), Err(Malformed), "{answer}");
        }
    }
}
