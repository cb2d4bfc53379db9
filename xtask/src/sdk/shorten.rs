//! Makes the methods of progenitor's client short. Each of them carries a whole request with its hooks and the reading
//! of the answer; here that stands once, and a method says what is its own: the address, the query, the body, and in
//! what form the answer comes. Half of the code is left, and much less than that of the time to compile it.

use quote::{ToTokens as _, quote};
use syn::visit_mut::{self, VisitMut};

/// The methods of an `impl` made short, with what they have in common; other items stay as they are.
pub(super) fn shorten(item: &mut syn::ItemImpl) {
    let mut error = None;
    for member in &mut item.items {
        if let syn::ImplItem::Fn(method) = member
            && let Some(short) = body(method)
        {
            error = error.or_else(|| error_type(&method.sig.output));
            method.block = short;
        }
    }
    if let Some(error) = error {
        item.items.extend(common(&error));
    }
}

/// The short body of a method that sends a request; none for another method.
fn body(method: &syn::ImplItemFn) -> Option<syn::Block> {
    let statements = &method.block.stmts;
    let id = Literal::of(binding(find(statements, "info")?, "info")?)?;
    let url = find(statements, "url")?;
    let mut request = binding(find(statements, "request")?, "request")?.clone();
    Strip.visit_expr_mut(&mut request);
    let answer = statements.last()?.to_token_stream().to_string();
    let success = answer.split("299").nth(1)?.split("400").next()?;
    let send = if success.contains(":: empty") {
        quote! { send_for_nothing }
    } else if success.contains(":: text") {
        quote! { send_for_text }
    } else {
        quote! { send }
    };
    Some(syn::parse_quote! {{
        #url
        self.#send(#id, #request).await
    }})
}

fn find<'s>(statements: &'s [syn::Stmt], name: &str) -> Option<&'s syn::Stmt> {
    statements
        .iter()
        .find(|statement| binding(statement, name).is_some())
}

/// What a `let` gives a name to.
fn binding<'s>(statement: &'s syn::Stmt, name: &str) -> Option<&'s syn::Expr> {
    let syn::Stmt::Local(local) = statement else {
        return None;
    };
    let syn::Pat::Ident(pattern) = &local.pat else {
        return None;
    };
    let init = local.init.as_ref().filter(|_| pattern.ident == name)?;
    Some(&init.expr)
}

/// The one text literal in an expression.
struct Literal(Option<syn::LitStr>);

impl Literal {
    fn of(expr: &syn::Expr) -> Option<syn::LitStr> {
        let mut expr = expr.clone();
        let mut found = Literal(None);
        found.visit_expr_mut(&mut expr);
        found.0
    }
}

impl VisitMut for Literal {
    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        self.0 = Some(literal.clone());
    }
}

/// Takes from a request what all requests have: its building, the headers of every call.
struct Strip;

impl VisitMut for Strip {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        const COMMON: [&str; 3] = ["build", "headers", "header"];
        loop {
            let inner = match expr {
                syn::Expr::Try(tried) => (*tried.expr).clone(),
                syn::Expr::MethodCall(call)
                    if COMMON.contains(&call.method.to_string().as_str()) =>
                {
                    (*call.receiver).clone()
                }
                _ => break,
            };
            *expr = inner;
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// The error of a method's result.
fn error_type(output: &syn::ReturnType) -> Option<syn::Type> {
    struct Find(Option<syn::Type>);
    impl VisitMut for Find {
        fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
            if segment.ident == "Error"
                && let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments
                && let Some(syn::GenericArgument::Type(ty)) = arguments.args.first()
            {
                self.0 = Some(ty.clone());
            }
            visit_mut::visit_path_segment_mut(self, segment);
        }
    }
    let mut output = output.clone();
    let mut find = Find(None);
    find.visit_return_type_mut(&mut output);
    find.0
}

/// What all methods do with their request.
fn common(error: &syn::Type) -> Vec<syn::ImplItem> {
    vec![
        syn::parse_quote! {
            /// Sends a request whose answer is JSON.
            async fn send<T: serde::de::DeserializeOwned>(
                &self,
                operation_id: &'static str,
                request: ::reqwest::RequestBuilder,
            ) -> Result<ResponseValue<T>, Error<#error>> {
                let json = ::reqwest::header::HeaderValue::from_static("application/json");
                let request = request.header(::reqwest::header::ACCEPT, json);
                crate::transport::decode(self.answer(operation_id, request).await?).await
            }
        },
        syn::parse_quote! {
            /// Sends a request whose answer is text.
            #[allow(dead_code)]
            async fn send_for_text(
                &self,
                operation_id: &'static str,
                request: ::reqwest::RequestBuilder,
            ) -> Result<ResponseValue<String>, Error<#error>> {
                crate::transport::text(self.answer(operation_id, request).await?).await
            }
        },
        syn::parse_quote! {
            /// Sends a request whose answer has no body.
            #[allow(dead_code)]
            async fn send_for_nothing(
                &self,
                operation_id: &'static str,
                request: ::reqwest::RequestBuilder,
            ) -> Result<ResponseValue<()>, Error<#error>> {
                let json = ::reqwest::header::HeaderValue::from_static("application/json");
                let request = request.header(::reqwest::header::ACCEPT, json);
                Ok(ResponseValue::empty(self.answer(operation_id, request).await?))
            }
        },
        syn::parse_quote! {
            /// Sends a request; an answer that is no success is an error.
            async fn answer(
                &self,
                operation_id: &'static str,
                request: ::reqwest::RequestBuilder,
            ) -> Result<::reqwest::Response, Error<#error>> {
                let mut request = request.build()?;
                let info = OperationInfo { operation_id };
                self.pre(&mut request, &info).await?;
                // Boxed: methods are held in the futures of many calls, and this is the largest part of each.
                let result = Box::pin(self.exec(request, &info)).await;
                self.post(&result, &info).await?;
                let response = result?;
                match response.status().as_u16() {
                    200..=299 => Ok(response),
                    400..=599 => Err(Error::ErrorResponse(crate::transport::decode(response).await?)),
                    _ => Err(Error::UnexpectedResponse(response)),
                }
            }
        },
    ]
}
