//! The subcommands of the binary that are more than a call.

pub(crate) mod bundle;
pub(crate) mod changelog;
pub(crate) mod diff;
pub(crate) mod guard;
pub(crate) mod kinds;
pub(crate) mod lint;

/// Prints a text. Whoever has closed the other end has read enough.
macro_rules! say {
    ($($text:tt)*) => {
        drop(std::io::Write::write_fmt(&mut std::io::stdout(), format_args!($($text)*)))
    };
}
pub(crate) use say;
