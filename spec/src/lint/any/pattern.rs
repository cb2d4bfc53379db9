//! Whether a text is a regular expression of ECMA-262, as schemas write them.
//!
//! The text is read once from left to right, with the open groups on a stack, so that no expression
//! can take long or be nested too deep.

/// What is wrong with an expression, and at which character.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    if pattern.len() > 3 && pattern.starts_with("/^") && pattern.ends_with("$/") {
        return Err("an expression stands without slashes around it".to_owned());
    }
    Reader {
        all: pattern.chars().collect(),
        at: 0,
    }
    .read()
}

struct Reader {
    all: Vec<char>,
    at: usize,
}

/// What a quantifier would repeat.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Something,
    /// A quantifier, which only `?` may follow.
    Quantifier,
}

impl Reader {
    fn read(mut self) -> Result<(), String> {
        let mut groups: Vec<usize> = Vec::new();
        let mut before = Before::Nothing;
        while let Some(c) = self.peek(0) {
            let start = self.at;
            self.at += 1;
            before = match c {
                '\\' => self.escape()?,
                '[' => self.class(start)?,
                '(' => {
                    self.group(start)?;
                    groups.push(start);
                    Before::Nothing
                }
                ')' => {
                    let open = groups.pop();
                    open.ok_or_else(|| wrong("`)` closes nothing", start))?;
                    Before::Something
                }
                '|' | '^' | '$' => Before::Nothing,
                '*' | '+' | '?' => self.quantifier(before, start)?,
                '{' => match self.counts() {
                    Some((low, high)) => {
                        if high.is_some_and(|high| high < low) {
                            return Err(wrong("the counts are the wrong way round", start));
                        }
                        self.quantifier(before, start)?
                    }
                    None => Before::Something,
                },
                _ => Before::Something,
            };
        }
        match groups.pop() {
            Some(open) => Err(wrong("`(` is never closed", open)),
            None => Ok(()),
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.all.get(self.at + ahead).copied()
    }

    fn quantifier(&mut self, before: Before, start: usize) -> Result<Before, String> {
        match before {
            Before::Nothing => Err(wrong("there is nothing to repeat", start)),
            Before::Something => Ok(Before::Quantifier),
            Before::Quantifier if self.all[start] == '?' => Ok(Before::Nothing),
            Before::Quantifier => Err(wrong("a quantifier cannot be repeated", start)),
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<Before, String> {
        let start = self.at - 1;
        let c = self
            .peek(0)
            .ok_or_else(|| wrong("a backslash stands at the end", start))?;
        self.at += 1;
        Ok(match c {
            'b' | 'B' => Before::Nothing,
            _ => Before::Something,
        })
    }

    /// The beginning of a group after its bracket.
    fn group(&mut self, start: usize) -> Result<(), String> {
        if self.peek(0) != Some('?') {
            return Ok(());
        }
        self.at += 1;
        match (self.peek(0), self.peek(1)) {
            (Some(':' | '=' | '!'), _) => self.at += 1,
            (Some('<'), Some('=' | '!')) => self.at += 2,
            (Some('<'), _) => {
                self.at += 1;
                let name = self.all[self.at..].iter().take_while(|c| **c != '>');
                let name: Vec<char> = name.copied().collect();
                let fits = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '$');
                self.at += name.len() + 1;
                if name.is_empty() || self.at > self.all.len() || !name.iter().all(fits) {
                    return Err(wrong("the group's name does not end, or is none", start));
                }
            }
            (Some('P'), _) => {
                let message = "`(?P` is of Python; a named group is `(?<name>…)`";
                return Err(wrong(message, start));
            }
            _ => return Err(wrong("there is no such group in ECMA-262", start)),
        }
        Ok(())
    }

    /// The rest of a class after its bracket.
    fn class(&mut self, start: usize) -> Result<Before, String> {
        if self.peek(0) == Some('^') {
            self.at += 1;
        }
        // A single character that may begin a range.
        let mut low: Option<char> = None;
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match c {
                ']' => return Ok(Before::Something),
                '\\' => {
                    let Some(escaped) = self.peek(0) else { break };
                    self.at += 1;
                    // Most escapes are sets, or have a value that does not matter here.
                    low = (!escaped.is_alphanumeric()).then_some(escaped);
                }
                '-' if low.is_some() && self.peek(0).is_some_and(|next| next != ']') => {
                    let high = self.peek(0);
                    if let (Some(low), Some(high)) = (low, high)
                        && high != '\\'
                        && high < low
                    {
                        return Err(wrong("the range is the wrong way round", self.at - 2));
                    }
                    low = None;
                    if high != Some('\\') {
                        self.at += 1;
                    }
                }
                c => low = Some(c),
            }
        }
        Err(wrong("`[` is never closed", start))
    }

    /// The counts of `{2}`, `{2,}` or `{2,5}`; anything else is a brace that means itself.
    fn counts(&mut self) -> Option<(u64, Option<u64>)> {
        let end = self.all[self.at..].iter().position(|c| *c == '}')?;
        let inner: String = self.all[self.at..self.at + end].iter().collect();
        let number = |text: &str| {
            let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u64::MAX))
        };
        let counts = match inner.split_once(',') {
            None => {
                let count = number(&inner)?;
                (count, Some(count))
            }
            Some((low, "")) => (number(low)?, None),
            Some((low, high)) => (number(low)?, Some(number(high)?)),
        };
        self.at += end + 1;
        Some(counts)
    }
}

fn wrong(message: &str, at: usize) -> String {
    format!("{message}, at character {}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_ecma_has_is_taken() {
        for pattern in [
            "",
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            "^(?!foo)(?<=a)(?<name>b)(?:c)+?d{2,}?$",
            r"\d+\.\w{3}[\]\-a]",
            "a{,3}",
            "x{",
            "[^]]",
            r"[\w-]",
            r"^\p{L}+$",
            "]",
            "(a|b)*",
            "[a-]",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn what_it_has_not_is_told_with_its_place() {
        for (pattern, at) in [
            ("(a", 1),
            ("a)", 2),
            ("[a", 1),
            ("*a", 1),
            ("a**", 3),
            ("a++", 3),
            ("^*", 2),
            ("(?P<a>b)", 1),
            ("a(?i)", 2),
            ("(?<a", 1),
            ("a{3,1}", 2),
            ("[z-a]", 2),
            ("a\\", 2),
            ("|?", 2),
        ] {
            let message = check(pattern).unwrap_err();
            let expected = format!("at character {at}");
            assert!(message.ends_with(&expected), "{pattern}: {message}");
        }
        assert!(check("/^a$/").unwrap_err().contains("slashes"));
    }

    #[test]
    fn no_expression_is_too_deep() {
        let deep = "(".repeat(1_000_000);
        assert!(check(&deep).is_err());
        assert!(check(&format!("{deep}{}", ")".repeat(1_000_000))).is_ok());
    }
}
