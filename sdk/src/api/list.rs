//! Listing, a page at a time.

use std::collections::VecDeque;
use std::pin::Pin;

use futures_core::Stream;
use futures_util::{TryStreamExt as _, stream};
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Api;
use super::call::body;
use crate::wire::{optional_int64, or_default};
use crate::{Error, Resource};

/// Which page of a list is wanted. The default is the controller's first page of its own size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListParams {
    limit: Option<u32>,
    offset: Option<u64>,
}

impl ListParams {
    /// At most `limit` objects.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// From the object number `offset` on, counted from zero.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<K> {
    /// The objects on it.
    pub items: Vec<K>,
    /// How many objects there are on all pages; none where the controller does not tell.
    pub count: Option<u64>,
    /// The number of the first object on it; none where the controller does not tell.
    pub offset: Option<u64>,
}

/// A list as it travels.
#[derive(Deserialize)]
#[serde(bound = "K: DeserializeOwned")]
struct Wire<K> {
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<K>,
    #[serde(default, deserialize_with = "or_default")]
    metadata: WireMetadata,
}

#[derive(Default, Deserialize)]
struct WireMetadata {
    #[serde(default, deserialize_with = "optional_int64")]
    count: Option<i64>,
    #[serde(default, deserialize_with = "optional_int64")]
    offset: Option<i64>,
}

/// Where a walk through the pages stands.
struct Walk<K> {
    /// What is left of the page.
    page: VecDeque<K>,
    /// Where the next page begins, if there is one.
    next: Option<u64>,
    /// The name of the page's first object.
    first: String,
}

impl<K: Resource> Api<K> {
    /// One page.
    pub async fn list_page(&self, params: ListParams) -> Result<Page<K>, Error> {
        let mut request = self.request(Method::GET, &[])?;
        if params != ListParams::default() {
            let mut query = request.url_mut().query_pairs_mut();
            if let Some(limit) = params.limit {
                query.append_pair("limit", &limit.to_string());
            }
            if let Some(offset) = params.offset {
                query.append_pair("offset", &offset.to_string());
            }
        }
        let list: Wire<K> = body(&self.send(request).await?)?;
        let number = |told: Option<i64>| told.and_then(|number| u64::try_from(number).ok());
        Ok(Page {
            items: list.items,
            count: number(list.metadata.count),
            offset: number(list.metadata.offset),
        })
    }

    /// All objects, one by one; pages are fetched as they are needed.
    ///
    /// Pages are counted, not marked: objects that come or go meanwhile may be missed or seen
    /// twice. The stream ends after the first error.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    /// use rafay_sdk::{Api, Resource as _, v3::types::Cluster};
    ///
    /// # async fn example(clusters: Api<Cluster>) -> Result<(), rafay_sdk::Error> {
    /// let mut all = clusters.list();
    /// while let Some(cluster) = all.try_next().await? {
    ///     println!("{}", cluster.name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pin<Box<dyn Stream<Item = Result<K, Error>> + Send + '_>> {
        let start = Walk {
            page: VecDeque::new(),
            next: Some(0),
            first: String::new(),
        };
        Box::pin(stream::try_unfold(start, move |mut walk| async move {
            loop {
                if let Some(object) = walk.page.pop_front() {
                    return Ok(Some((object, walk)));
                }
                let Some(offset) = walk.next else {
                    return Ok(None);
                };
                walk = self.page_at(offset, &walk.first).await?;
            }
        }))
    }

    /// All objects at once.
    pub async fn list_all(&self) -> Result<Vec<K>, Error> {
        self.list().try_collect().await
    }

    /// The page from `offset` on; `before` is the name of the first object of the page before it.
    async fn page_at(&self, offset: u64, before: &str) -> Result<Walk<K>, Error> {
        let params = match offset {
            0 => ListParams::default(),
            offset => ListParams::default().offset(offset),
        };
        let page = self.list_page(params).await?;
        let first = page
            .items
            .first()
            .map_or_else(String::new, |object| object.name().to_owned());
        // A controller that does not know of pages sends its list again, whatever is asked for.
        let again = match page.offset {
            Some(told) => told != offset,
            None => offset > 0 && first == before,
        };
        if again || page.items.is_empty() {
            return Ok(Walk {
                page: VecDeque::new(),
                next: None,
                first,
            });
        }
        let next = offset.saturating_add(page.items.len().try_into().unwrap_or(u64::MAX));
        let more = page.count.is_some_and(|count| next < count);
        Ok(Walk {
            page: page.items.into(),
            next: more.then_some(next),
            first,
        })
    }
}
