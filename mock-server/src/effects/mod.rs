//! Effects: steps of a lifecycle whose doing the document's words cannot say. The documents name them, and the generated
//! table refers to them by that name, so one that is missing does not compile and one too many is dead code.

mod deploy;
#[expect(
    clippy::unnecessary_wraps,
    reason = "an effect may fail, and the table holds them all; most of these cannot"
)]
mod pipeline;

pub(crate) use deploy::{BY_NAME, cluster_ready, deploy_workload, refuse_workload};
pub(crate) use pipeline::{
    pipeline_advance, pipeline_approve, pipeline_cancel, pipeline_fail, pipeline_reject,
    pipeline_start,
};
