//! Runs progenitor on the prepared document and keeps the client it makes: the type definitions
//! are dropped (there are none), and what the SDK's own layer does is put in its place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use heck::ToPascalCase as _;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use syn::visit_mut::{self, VisitMut};

use super::operations::Operations;
use super::shapes::Types;
use super::shorten::shorten;
use super::{Error, SdkInput, names};

/// The text of `client.rs`, without its header.
pub(super) fn generate(
    input: &SdkInput,
    operations: &Operations,
    types: &Types,
) -> Result<String, Error> {
    let failed = |message: String| Error::Client {
        document: input.version.clone(),
        message,
    };
    let names: Vec<&str> = types.keys().map(String::as_str).collect();
    let document: openapiv3::OpenAPI = serde_json::from_value(operations.document(input, &names))
        .map_err(|error| failed(error.to_string()))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::transport::Transport })
        .with_map_type("::std::collections::BTreeMap");
    for name in &names {
        let path = format!("crate::{}::types::{name}", input.version);
        settings.with_replacement(name.to_pascal_case(), path, std::iter::empty());
    }
    // Everything known to make progenitor panic is refused with its place before this. Should
    // something else do so, it is still an error of this command and not a crash.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&document)
    }))
    .map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        failed(text.unwrap_or_else(|| "it panicked".to_owned()))
    })?
    .map_err(|error| failed(error.to_string()))?;
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| failed(error.to_string()))?;
    file.items.retain(|item| !matches!(item, syn::Item::Mod(_)));
    let texts = operations
        .all
        .iter()
        .filter(|operation| operation.answers_text());
    let mut adapt = Adapt {
        texts: texts.map(|operation| names::snake(&operation.id)).collect(),
    };
    adapt.visit_file_mut(&mut file);
    file.items.insert(
        0,
        syn::parse_quote! {
            #[allow(unused_imports)]
            use crate::transport::segment as encode_path;
        },
    );
    Ok(prettyplease::unparse(&file))
}

/// Puts the SDK's own pieces into progenitor's client.
struct Adapt {
    /// The methods that answer with text.
    texts: Vec<String>,
}

impl VisitMut for Adapt {
    /// The client is made by [`Client`](rafay_sdk::Client) alone: one place for TLS and keys.
    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items
            .retain(|item| !matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == "new"));
        visit_mut::visit_item_impl_mut(self, item);
        shorten(item);
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut syn::ImplItemFn) {
        if item.sig.ident == "new_with_client" {
            item.vis = syn::parse_quote! { pub(crate) };
        }
        if self.texts.contains(&item.sig.ident.to_string()) {
            Text.visit_impl_item_fn_mut(item);
        }
        visit_mut::visit_impl_item_fn_mut(self, item);
    }

    /// Names become path segments by the SDK's rules, which know of `..`.
    fn visit_use_group_mut(&mut self, group: &mut syn::UseGroup) {
        let all = std::mem::take(&mut group.items);
        let ours =
            |tree: &syn::UseTree| matches!(tree, syn::UseTree::Name(n) if n.ident == "encode_path");
        group.items = all.into_iter().filter(|tree| !ours(tree)).collect();
    }

    /// Bodies are read by the SDK's decoder, whose failures know their response.
    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "from_response")
        {
            *path = syn::parse_quote! { crate::transport::decode };
        }
    }

    /// One line per attribute: otherwise the text becomes a block comment.
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        *attributes = attributes.drain(..).flat_map(split_doc).collect();
    }
}

/// Makes a method give its answer as a text instead of a stream of bytes.
struct Text;

impl VisitMut for Text {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if matches!(ty, syn::Type::Path(path) if path.path.is_ident("ByteStream")) {
            *ty = syn::parse_quote! { String };
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        if let syn::Expr::Call(call) = expr
            && let syn::Expr::Path(path) = &*call.func
            && path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "stream")
        {
            let arguments = &call.args;
            *expr = syn::parse_quote! { crate::transport::text(#arguments).await? };
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

fn split_doc(attribute: syn::Attribute) -> Vec<syn::Attribute> {
    if let syn::Meta::NameValue(meta) = &attribute.meta
        && meta.path.is_ident("doc")
        && let syn::Expr::Lit(literal) = &meta.value
        && let syn::Lit::Str(text) = &literal.lit
    {
        let text = text.value();
        if text.is_empty() {
            return vec![attribute];
        }
        let mut lines: Vec<&str> = text.lines().map(str::trim).collect();
        lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        return lines
            .iter()
            .map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!(" {line}")
                }
            })
            .map(|line| syn::parse_quote! { #[doc = #line] })
            .collect();
    }
    vec![attribute]
}
