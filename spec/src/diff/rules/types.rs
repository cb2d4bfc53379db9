//! Types, formats, null and enums.

super::rules! { Types:

"type-changed" (request "BB-" response "BB-") mirror ["type-changed"]
    "values are of another type"
    "what old clients send is refused, and what they get they cannot read"
    "add a property or an operation of another name for the new type"
"type-widened" (request "-B-" response "BB-") mirror ["type-narrowed"]
    "values of more types are allowed"
    "everything old is still accepted; answers may hold what old clients cannot read"
    "widen requests alone, by a schema of their own"
"type-narrowed" (request "BB-" response "-B-") mirror ["type-widened"]
    "values of fewer types are allowed"
    "some of what old clients send is refused"
    "narrow answers alone, by a schema of their own"
"became-nullable" (request "-B-" response "BB-") mirror ["became-not-nullable"]
    "the value may be null now"
    "old clients that get a null cannot read it; in the SDK its type turns from `T` into `Option<T>`"
    "leave the property out instead, if it is optional"
"became-not-nullable" (request "BB-" response "-B-") mirror ["became-nullable"]
    "the value may no longer be null"
    "old clients that send null are refused; in the SDK its type turns from `Option<T>` into `T`"
    "go on taking null and treat it as left out"
"format-widened" (request "-B-" response "BB-") mirror ["format-narrowed"]
    "the format holds more values (int32 to int64, float to double)"
    "answers may hold numbers that old clients cannot store"
    "keep the values within the old format, or add a property of another name"
"format-narrowed" (request "BB-" response "-B-") mirror ["format-widened"]
    "the format holds fewer values (int64 to int32, double to float)"
    "numbers that old clients send are refused"
    "keep the format and check the range by another answer than a refusal"
"format-changed" (request "BB-" response "BB-") mirror ["format-changed"]
    "the value is written in another format"
    "clients that know the format cannot read or write it"
    "add a property of another name"
"format-added" (request "BB-" response "-B-") mirror ["format-removed"]
    "the value has a format where any was allowed"
    "values that old clients send may not fit it; typed SDKs use another type"
    "go on accepting what does not fit"
"format-removed" (request "-B-" response "BB-") mirror ["format-added"]
    "the value no longer keeps to a format"
    "clients that know the format cannot read everything; typed SDKs use another type"
    "keep the format in answers"
"enum-value-removed" (request "BB-" response "-B-") mirror ["enum-value-added" "enum-value-added-to-extensible"]
    "a value is no longer allowed"
    "old clients that send it are refused; the SDK's enum loses a variant"
    "go on taking the value and treat it as the one that replaces it"
"enum-value-added" (request "-B-" response "BB-") mirror ["enum-value-removed"]
    "one more value is allowed"
    "old clients that know only the others cannot read the answer; a `match` on the SDK's enum lacks an arm"
    "mark the enum with `x-extensible-enum` long before, so that clients are ready for values they do not know"
"enum-value-added-to-extensible" (request "---" response "---") mirror ["enum-value-removed"]
    "one more value is allowed in an enum that was announced to grow"
    "clients know that there may be values they do not know"
    "nothing to do"
"enum-set" (request "BB-" response "-B-") mirror ["enum-unset"]
    "only certain values are allowed where any was"
    "other values of old clients are refused; the SDK's field has another type"
    "describe the known values and go on taking others"
"enum-unset" (request "-B-" response "BB-") mirror ["enum-set"]
    "any value is allowed where only certain ones were"
    "old clients that know only those cannot read others; the SDK's field has another type"
    "keep the enum in answers"
"enum-became-extensible" (request "-w-" response "ww-") mirror ["enum-no-longer-extensible"]
    "an enum is announced to grow"
    "old clients were not told that values may come which they do not know"
    "announce it, and add values only after clients had time"
"enum-no-longer-extensible" (request "-w-" response "-w-") mirror ["enum-became-extensible"]
    "an enum is no longer announced to grow"
    "clients that take any value take these too"
    "nothing to do"
}
