//! Writes layer 2: which of the types are objects of the API, and where the API keeps them.

use std::fmt::Write as _;

use rafay_spec::model::{Scope, Verb};

use super::operations::Operations;
use super::shapes::{Body, Types};
use super::source::{Source, below};
use super::{Error, SdkInput, names};

/// The text of `resources.rs`, without its header; empty where the document has no objects.
pub(super) fn generate(
    input: &SdkInput,
    operations: &Operations,
    types: &Types,
) -> Result<String, Error> {
    let source = Source::new(&input.version, &input.json);
    let mut out = String::new();
    let mut kinds: Vec<_> = input.kinds.iter().collect();
    kinds.sort_by(|a, b| a.name.cmp(&b.name));
    for kind in kinds {
        // A kind that is kept but not served in its own form has nothing for `Api` to call.
        if kind.identity.name != "/metadata/name" {
            continue;
        }
        let listed = operations.standard(Verb::List, &kind.name);
        let Some(collection) = listed.or_else(|| operations.standard(Verb::Apply, &kind.name))
        else {
            continue;
        };
        let rust = names::type_name(&kind.name);
        let at = below("/components/schemas", &kind.name);
        let metadata = metadata_type(types, &rust).ok_or_else(|| {
            source.unsupported(
                &at,
                "an object of the API has no `metadata` that is an object with a text `name`",
                "add it, or name another place by `identity` in `x-kind`",
            )
        })?;
        let scope = match (kind.scope, collection.path.contains("{project}")) {
            (Scope::Project, true) => "ProjectScoped",
            (Scope::Organization | Scope::Partner, false) => "OrganizationScoped",
            _ => {
                return Err(source.unsupported(
                    &at,
                    format!("the scope of `x-kind` and the path `{}` do not fit", collection.path),
                    "a kind of a project has `{project}` in its path, a kind of an organization not",
                ));
            }
        };
        let (name, given) = if metadata.1 {
            ("&self.metadata.name", "name")
        } else {
            (
                "self.metadata.name.as_deref().unwrap_or_default()",
                "Some(name)",
            )
        };
        let _ = write!(
            out,
            r"
impl crate::Resource for types::{rust} {{
    const GROUP: &'static str = {group:?};
    const VERSION: &'static str = {version:?};
    const KIND: &'static str = {kind:?};
    const PLURAL: &'static str = {plural:?};
    const COLLECTION: &'static str = {path:?};
    type Scope = crate::{scope};
    type Metadata = types::{metadata};

    fn name(&self) -> &str {{
        {name}
    }}

    fn set_name(&mut self, name: String) {{
        self.metadata.name = {given};
    }}

    fn metadata(&self) -> &Self::Metadata {{
        &self.metadata
    }}

    fn metadata_mut(&mut self) -> &mut Self::Metadata {{
        &mut self.metadata
    }}
}}
",
            group = kind.group,
            version = kind.version,
            kind = kind.name,
            plural = kind.plural,
            path = collection.path,
            metadata = metadata.0,
        );
    }
    Ok(out)
}

/// The type of a kind's metadata, and whether its name is always there.
fn metadata_type<'a>(types: &'a Types, kind: &str) -> Option<(&'a str, bool)> {
    let field = |name: &str, wire: &str| match &types.get(name)?.body {
        Body::Struct(fields) => fields.iter().find(|field| field.wire == wire),
        Body::Texts(_) | Body::Union(_) => None,
    };
    let super::shapes::Type::Named(metadata) = &field(kind, "metadata")?.ty else {
        return None;
    };
    let name = field(metadata, "name")?;
    (name.ty == super::shapes::Type::Text).then_some((metadata.as_str(), name.required))
}
