//! Extension words that mean something to clients, and what no other rule can judge.

super::rules! { Words:

"property-became-immutable" (request "--B" response "---") mirror ["property-no-longer-immutable"]
    "a property cannot be changed any more once it is set (`x-immutable`)"
    "old clients that change it are refused"
    "go on allowing the change"
"property-no-longer-immutable" (request "---" response "--w") mirror ["property-became-immutable"]
    "a property can be changed now"
    "clients that keep its value may be wrong some day"
    "nothing to do"
"property-became-secret" (request "---" response "--B") mirror ["property-no-longer-secret"]
    "a property is masked in answers now (`x-secret`)"
    "clients that read its value get the mask"
    "offer another way to prove or to rotate the value"
"property-no-longer-secret" (request "--w" response "--w") mirror ["property-became-secret"]
    "a property is no longer masked in answers"
    "what was secret is shown to all readers"
    "make sure that it is meant"
"alias-changed" (any "-B-") mirror ["alias-changed"]
    "an operation became an old spelling of another one (`x-alias-of`), or is none any more"
    "the SDK loses or gains the method"
    "keep both as operations"
"generation-word-changed" (any "-B-") mirror ["generation-word-changed"]
    "a word for generators (`x-rust-name`, `x-rust-type`) is another one"
    "names and types of the SDK are others"
    "keep the word as it was, and give new names to new things only"
"meaning-word-changed" (any "--w") mirror ["meaning-word-changed"]
    "a word that says what calls do (`x-behavior`, `x-page`, `x-references`, `x-lifecycle`, `x-kind`, `x-view-of`, `x-from`) is another one"
    "calls may do something else than before"
    "look at the difference; approve it if calls do the same"
"xml-changed" (request "B--" response "B--") mirror ["xml-changed"]
    "the value has another form in XML"
    "clients that use XML read and write it otherwise"
    "keep the form"
"reference-unresolved" (any "BBB") mirror ["reference-unresolved"]
    "a `$ref` leads nowhere, in a circle, or to an address"
    "what stands there is not known, so nothing can be said about it. Addresses are never fetched"
    "make the reference lead to a definition; bundle the document first"
"unhandled" (any "BBB") mirror ["unhandled"]
    "something differs that no rule can judge"
    "silence would mean compatible, and nobody knows"
    "look at the difference; approve it if it harms nobody"
}
