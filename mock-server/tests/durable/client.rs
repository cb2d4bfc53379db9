//! The binary as a child that may be killed, and a client of it that expects to be cut off.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_rafay-mock-server");

/// A server with a data directory.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// The administrator's key, where it was printed.
    pub(crate) key: Option<String>,
}

impl Server {
    pub(crate) fn start(directory: &Path) -> Self {
        Self::start_with(directory, &[])
    }

    /// The same with further arguments.
    pub(crate) fn start_with(directory: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "/dev/null"]);
        command.arg("--data-dir").arg(directory).args(arguments);
        Self::of(command)
    }

    pub(crate) fn of(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (mut address, mut key) = (String::new(), None);
        loop {
            let mut line = String::new();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended");
            let value = line.split_once(':').map_or("", |(_, value)| value.trim());
            if line.starts_with("Address:") {
                value
                    .strip_prefix("http://")
                    .unwrap()
                    .clone_into(&mut address);
            } else if line.starts_with("Admin's key:") {
                key = value.starts_with("ra2.").then(|| value.to_owned());
            } else if line.starts_with("curl ") {
                break;
            }
        }
        Self {
            child,
            address,
            key,
        }
    }

    /// Ends it without a warning, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as a person does.
    pub(crate) fn stop(mut self) {
        let kill = format!("kill -TERM {}", self.child.id());
        Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    key: String,
}

impl Client {
    pub(crate) fn new(address: &str, key: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            key: key.to_owned(),
        })
    }

    /// Status and body of the answer to a request, whose id is the one given.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        id: &str,
        body: &str,
    ) -> io::Result<(u16, String)> {
        self.send_with(method, path, &[("x-request-id", id)], body)
    }

    /// The same with headers of one's own.
    pub(crate) fn send_with(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<(u16, String)> {
        let length = body.len();
        let key = &self.key;
        let headers = headers.iter();
        let headers: String = headers
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: mock\r\nx-api-key: {key}\r\n{headers}\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(cut_off());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if status == 0 {
                let code = line.split(' ').nth(1).and_then(|code| code.parse().ok());
                status = code.ok_or_else(cut_off)?;
            } else if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| cut_off())?;
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, String) {
        self.send("GET", path, "", "").unwrap()
    }
}
