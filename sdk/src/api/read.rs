//! Reading one object.

use http::header::IF_NONE_MATCH;
use reqwest::Method;

use super::call::{body, etag, header};
use super::{Api, ETag, Tagged};
use crate::{Error, Resource};

impl<K: Resource> Api<K> {
    /// The object called `name`.
    pub async fn get(&self, name: &str) -> Result<K, Error> {
        body(&self.send(self.item(Method::GET, name)?).await?)
    }

    /// The object called `name`, if there is one.
    pub async fn get_opt(&self, name: &str) -> Result<Option<K>, Error> {
        match self.get(name).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The object called `name` and its revision, for a write that must not overwrite another's.
    pub async fn get_with_etag(&self, name: &str) -> Result<Tagged<K>, Error> {
        let reply = self.send(self.item(Method::GET, name)?).await?;
        Ok(Tagged {
            object: body(&reply)?,
            etag: etag(&reply),
        })
    }

    /// The object called `name` if it is no longer at the revision `known`; none if it still is.
    pub async fn get_if_changed(
        &self,
        name: &str,
        known: &ETag,
    ) -> Result<Option<Tagged<K>>, Error> {
        let mut request = self.item(Method::GET, name)?;
        request
            .headers_mut()
            .insert(IF_NONE_MATCH, header(known.as_str())?);
        let reply = self.send(request).await?;
        if reply.status() == http::StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        Ok(Some(Tagged {
            object: body(&reply)?,
            etag: etag(&reply),
        }))
    }

    /// The object called `name` with its status, from where the controller keeps that. Not every
    /// kind has such a place; the others answer 404 or 405.
    pub async fn status(&self, name: &str) -> Result<K, Error> {
        let mut request = self.item(Method::GET, name)?;
        let path = format!("{}/status", request.url().path());
        request.url_mut().set_path(&path);
        body(&self.send(request).await?)
    }
}
