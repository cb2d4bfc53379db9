//! `oneOf`, `anyOf`, `allOf` and discriminators.

super::rules! { Unions:

"union-branch-removed" (request "BB-" response "-B-") mirror ["union-branch-added"]
    "one of the shapes of a value is gone"
    "old clients that send it are refused; the SDK's enum loses a variant"
    "go on taking it"
"union-branch-added" (request "-B-" response "BB-") mirror ["union-branch-removed"]
    "a value may have one more shape"
    "old clients cannot read it in answers; a `match` on the SDK's enum lacks an arm"
    "offer it to those who ask, by another operation or media type"
"union-set" (request "BB-" response "-B-") mirror ["union-unset"]
    "a value must have one of several shapes where it was free"
    "what old clients send may fit none of them"
    "let one of the shapes be the old one"
"union-unset" (request "-B-" response "BB-") mirror ["union-set"]
    "a value is free that had one of several shapes"
    "old clients cannot read what has none of them"
    "keep the shapes in answers"
"union-kind-narrowed" (request "BB-" response "-w-") mirror ["union-kind-widened"]
    "exactly one shape must fit where several could (`anyOf` became `oneOf`)"
    "what fits several shapes is refused"
    "keep `anyOf`"
"union-kind-widened" (request "-w-" response "ww-") mirror ["union-kind-narrowed"]
    "several shapes may fit where exactly one had to (`oneOf` became `anyOf`)"
    "clients that look for the one shape may find two"
    "keep `oneOf`"
"all-of-branch-added" (request "BB-" response "-B-") mirror ["all-of-branch-removed"]
    "a value must also fit one more schema (`allOf`)"
    "what old clients send may not fit it"
    "put into it only what is optional"
"all-of-branch-removed" (request "-B-" response "BB-") mirror ["all-of-branch-added"]
    "a value no longer has to fit one of the schemas (`allOf`)"
    "old clients rely on what it promised"
    "keep it in answers"
"discriminator-changed" (request "BB-" response "BB-") mirror ["discriminator-changed"]
    "another property tells the shapes apart"
    "clients choose the shape by the old one"
    "keep the property and add the new one beside it"
"discriminator-added" (request "wB-" response "-B-") mirror ["discriminator-removed"]
    "a property tells the shapes apart now"
    "old clients may not send it; generators make another type"
    "nothing to do if the property was always required"
"discriminator-removed" (request "-B-" response "wB-") mirror ["discriminator-added"]
    "no property tells the shapes apart any more"
    "clients choose the shape by it; generators make another type"
    "keep the discriminator, and go on sending the property"
"discriminator-mapping-changed" (request "BB-" response "BB-") mirror ["discriminator-mapping-changed"]
    "a value of the discriminator stands for another shape, or is new or gone"
    "clients read the value as the old shape"
    "keep the old values; add a new one together with its shape"
}
