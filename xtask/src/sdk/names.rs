//! Rust names for the document's names: legal, in Rust's case, the same in every run.

use heck::{ToPascalCase, ToSnakeCase};

/// A name in the case of types and variants.
pub(super) fn pascal(name: &str) -> String {
    let name = legal(&plain(name).to_pascal_case(), 'X');
    if name == "Self" {
        "Self_".to_owned()
    } else {
        name
    }
}

/// The name of a type that has its name from the document alone: none that the generated code
/// itself relies on.
pub(super) fn type_name(name: &str) -> String {
    let name = pascal(name);
    match name.as_str() {
        "Box" | "Default" | "Option" | "String" | "Vec" => format!("{name}_"),
        _ => name,
    }
}

/// The name of a field, a method or an argument.
pub(super) fn snake(name: &str) -> String {
    let name = legal(&plain(name).to_snake_case(), 'x');
    // What Rust reserves is what its own parser refuses as a name.
    if syn::parse_str::<syn::Ident>(&name).is_ok() && name != "gen" {
        name
    } else {
        format!("{name}_")
    }
}

/// The words of a type's name, each with its capital.
pub(super) fn words(pascal: &str) -> Vec<String> {
    pascal
        .to_snake_case()
        .split('_')
        .map(ToPascalCase::to_pascal_case)
        .collect()
}

/// `name` with nothing but letters, digits and breaks between words. The plural of an acronym is
/// one word: `objectIDs` is not `object_i_ds`.
fn plain(name: &str) -> String {
    let chars: Vec<char> = name.chars().filter(|c| *c != '\'').collect();
    let capital = |at: usize| chars.get(at).is_some_and(|c| c.is_uppercase());
    let plural = |at: usize| {
        chars.get(at) == Some(&'s') && !chars.get(at + 1).is_some_and(|c| c.is_lowercase())
    };
    (0..chars.len())
        .map(|at| match chars[at] {
            c if !c.is_alphanumeric() => '-',
            c if at > 0 && capital(at) && capital(at - 1) && plural(at + 1) => {
                c.to_ascii_lowercase()
            }
            c => c,
        })
        .collect()
}

fn legal(name: &str, prefix: char) -> String {
    if name.starts_with(char::is_alphabetic) {
        name.to_owned()
    } else {
        format!("{prefix}{name}")
    }
}
