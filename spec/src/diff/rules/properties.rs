//! Properties of objects.

super::rules! { Properties:

"required-property-added" (request "BB-" response "---") mirror ["required-property-removed" "required-property-removed-from-closed" "property-removed-after-sunset"]
    "a property is new and must be there"
    "old clients do not send it and are refused; in answers it is one thing more to read"
    "make it optional, or give it a default"
"required-property-added-with-default" (request "w--" response "---") mirror ["required-property-removed" "required-property-removed-from-closed" "property-removed-after-sunset"]
    "a property is new, must be there, and has a default"
    "whether old clients are refused depends on a server that fills in defaults before it checks"
    "make it optional"
"required-property-added-to-closed" (request "BB-" response "BB-") mirror ["required-property-removed-from-closed" "required-property-removed" "property-removed-after-sunset"]
    "a property is new and must be there, in an object that allowed no other properties"
    "old clients do not send it, and refuse answers that have it"
    "serve it in a new version of the operation"
"property-added" (request "---" response "---") mirror ["property-removed" "property-removed-from-closed" "property-removed-after-sunset"]
    "a property is new and may be left out"
    "old clients do not send it, and ignore it in answers. A struct of the SDK has one more field, which is no break here: code that must last builds such structs with `..Default::default()` or a builder"
    "nothing to do"
"property-added-to-closed" (request "---" response "B--") mirror ["property-removed-from-closed" "property-removed" "property-removed-after-sunset"]
    "a property is new in an object that allowed no other properties"
    "old clients that check what they get refuse the answer"
    "send it only to those who ask for it"
"property-removed" (request "wB-" response "wB-") mirror ["property-added" "property-added-to-closed"]
    "a property that could be left out is gone"
    "what old clients send is ignored, and what they read is not there; the SDK loses the field"
    "keep it, mark it deprecated, and go on filling it"
"property-removed-after-sunset" (request "---" response "---") mirror ["required-property-added" "required-property-added-with-default" "required-property-added-to-closed" "property-added" "property-added-to-closed"]
    "a property is gone whose announced sunset has come"
    "its users were told in time"
    "nothing to do"
"property-removed-from-closed" (request "BB-" response "wB-") mirror ["property-added-to-closed" "property-added"]
    "a property is gone, and the object allows no other properties"
    "old clients that send it are refused"
    "keep the property, mark it deprecated and ignore it"
"required-property-removed" (request "wB-" response "BB-") mirror ["required-property-added" "required-property-added-with-default" "required-property-added-to-closed"]
    "a property that was always there is gone"
    "old clients cannot read the answer; what they send is ignored"
    "go on sending it"
"required-property-removed-from-closed" (request "BB-" response "BB-") mirror ["required-property-added-to-closed" "required-property-added" "required-property-added-with-default"]
    "a property that was always there is gone, and the object allows no other properties"
    "old clients cannot read the answer, and are refused because they send it"
    "keep the property"
"property-became-required" (request "BB-" response "-B-") mirror ["property-became-optional"]
    "a property must now be there"
    "old clients that leave it out are refused; in the SDK its type turns from `Option<T>` into `T`"
    "keep it optional with a default"
"property-became-optional" (request "-B-" response "BB-") mirror ["property-became-required"]
    "a property may now be missing"
    "old clients rely on it in answers; in the SDK its type turns from `T` into `Option<T>`"
    "go on sending it always; let only requests leave it out by a schema of their own"
"property-became-read-only" (request "w--" response "---") mirror ["property-no-longer-read-only"]
    "clients can no longer set a property"
    "what old clients send is ignored or refused"
    "go on taking it"
"property-no-longer-read-only" (request "---" response "---") mirror ["property-became-read-only"]
    "clients can set a property now"
    "old clients do not send it"
    "nothing to do"
"property-became-write-only" (request "---" response "Bw-") mirror ["property-no-longer-write-only"]
    "a property is no longer in answers"
    "old clients read it"
    "go on sending it, masked if it is a secret"
"property-no-longer-write-only" (request "---" response "---") mirror ["property-became-write-only"]
    "a property is in answers now"
    "old clients ignore it"
    "nothing to do"
"additional-properties-closed" (request "Bw-" response "-w-") mirror ["additional-properties-opened"]
    "an object allows no other properties any more"
    "old clients that send more are refused"
    "leave it open and ignore what is not known"
"additional-properties-opened" (request "-w-" response "ww-") mirror ["additional-properties-closed"]
    "an object allows other properties now"
    "more is accepted; clients that check what they get may meet properties that they refuse"
    "nothing to do if clients ignore what they do not know"
"additional-properties-typed" (request "BB-" response "-B-") mirror ["additional-properties-untyped"]
    "other properties of an object must now have a certain shape"
    "old clients that send something else are refused; the SDK's map has another type"
    "leave them free"
"additional-properties-untyped" (request "-B-" response "BB-") mirror ["additional-properties-typed"]
    "other properties of an object may now have any shape"
    "old clients cannot read what they do not expect; the SDK's map has another type"
    "keep the shape"
}
