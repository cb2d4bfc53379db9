//! Writing one object.

use reqwest::Method;
use serde_json::{Map, Value};

use super::call::{body, put_condition, put_json};
use super::{Api, ETag, Precondition};
use crate::{Error, Resource};

impl<K: Resource> Api<K> {
    /// Creates the object, or brings the one of its name to what it says. Gives back what the
    /// controller holds then.
    ///
    /// `apiVersion`, `kind` and `metadata.project` are filled in where they are absent.
    pub async fn apply(&self, object: &K) -> Result<K, Error> {
        self.apply_with(object, None).await
    }

    /// Applies the object if `condition` holds.
    pub async fn apply_if(&self, object: &K, condition: &Precondition) -> Result<K, Error> {
        self.apply_with(object, Some(condition)).await
    }

    async fn apply_with(&self, object: &K, condition: Option<&Precondition>) -> Result<K, Error> {
        if object.name().is_empty() {
            return Err(Error::request("the object has no name in its metadata"));
        }
        let request = self.request(Method::POST, &[])?;
        self.write(request, object, condition).await
    }

    /// Replaces the object of the same name, which must exist, by this one as a whole.
    ///
    /// An addition of this project: the mock controller has it, the surveyed API has not. Against
    /// a controller without it, this answers 404 or 405; [`apply`](Api::apply) works everywhere.
    pub async fn replace(&self, object: &K) -> Result<K, Error> {
        let request = self.item(Method::PUT, object.name())?;
        self.write(request, object, None).await
    }

    /// Replaces the object of the same name if it is still at the revision `etag`.
    pub async fn replace_if(&self, object: &K, etag: &ETag) -> Result<K, Error> {
        let request = self.item(Method::PUT, object.name())?;
        self.write(request, object, Some(&Precondition::Revision(etag.clone())))
            .await
    }

    /// Deletes the object called `name`. One that is not there is an error
    /// ([`is_not_found`](Error::is_not_found)).
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        self.send(self.item(Method::DELETE, name)?).await.map(drop)
    }

    /// Deletes the object called `name` if it is still at the revision `etag`.
    pub async fn delete_if(&self, name: &str, etag: &ETag) -> Result<(), Error> {
        let mut request = self.item(Method::DELETE, name)?;
        put_condition(&mut request, &Precondition::Revision(etag.clone()))?;
        self.send(request).await.map(drop)
    }

    async fn write(
        &self,
        mut request: reqwest::Request,
        object: &K,
        condition: Option<&Precondition>,
    ) -> Result<K, Error> {
        let value = complete::<K>(object, self.project.as_deref())?;
        put_json(&mut request, &value);
        if let Some(condition) = condition {
            put_condition(&mut request, condition)?;
        }
        body(&self.send(request).await?)
    }
}

/// The object as JSON, with what its kind and its place say filled in.
fn complete<K: Resource>(object: &K, project: Option<&str>) -> Result<Value, Error> {
    let mut value = serde_json::to_value(object).map_err(|error| {
        Error::request(format!("the object cannot be written as JSON: {error}"))
    })?;
    if let Some(members) = value.as_object_mut() {
        fill(
            members,
            "apiVersion",
            &format!("{}/{}", K::GROUP, K::VERSION),
        );
        fill(members, "kind", K::KIND);
        if let (Some(project), Some(Value::Object(metadata))) =
            (project, members.get_mut("metadata"))
        {
            fill(metadata, "project", project);
        }
    }
    Ok(value)
}

fn fill(members: &mut Map<String, Value>, name: &str, text: &str) {
    let absent = match members.get(name) {
        None | Some(Value::Null) => true,
        Some(value) => value.as_str() == Some(""),
    };
    if absent {
        members.insert(name.to_owned(), text.into());
    }
}
