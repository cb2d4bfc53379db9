//! Parameters in path, query, headers and cookies.

super::rules! { Parameters:

"required-parameter-added" (request "BB-") mirror ["parameter-removed" "parameter-removed-after-sunset"]
    "a parameter is new and must be given"
    "old clients do not send it and are refused"
    "make it optional, with a default that means what calls meant before"
"optional-parameter-added" (request "---") mirror ["parameter-removed" "parameter-removed-after-sunset"]
    "a parameter is new and may be left out"
    "old clients leave it out"
    "nothing to do"
"parameter-removed" (request "wB-") mirror ["required-parameter-added" "optional-parameter-added"]
    "a parameter is gone"
    "what old clients send is ignored or refused, and the SDK loses the setter"
    "keep it, mark it deprecated and ignore it"
"parameter-removed-after-sunset" (request "---") mirror ["required-parameter-added" "optional-parameter-added"]
    "a parameter is gone whose announced sunset has come"
    "its users were told in time"
    "nothing to do"
"parameter-became-required" (request "BB-") mirror ["parameter-became-optional"]
    "a parameter must now be given"
    "old clients that leave it out are refused"
    "keep it optional with a default"
"parameter-became-optional" (request "-B-") mirror ["parameter-became-required"]
    "a parameter may now be left out"
    "old clients go on sending it; in the SDK its type turns from `T` into `Option<T>`"
    "nothing to do on the wire; tell users of the SDK"
"parameter-location-changed" (request "BB-") mirror ["parameter-location-changed"]
    "a parameter is sent elsewhere: path, query, header or cookie"
    "old clients send it where it is no longer read"
    "read it in both places"
"parameter-serialization-changed" (request "B--") mirror ["parameter-serialization-changed"]
    "`style`, `explode`, `allowReserved` or the media type of a parameter is another one"
    "old clients write the value in a way that is no longer understood"
    "keep the old way; add a parameter of another name for the new one"
"allow-empty-value-removed" (request "B--") mirror ["allow-empty-value-added"]
    "a parameter may no longer be empty"
    "old clients that send `?name=` are refused"
    "keep `allowEmptyValue`"
"allow-empty-value-added" (request "---") mirror ["allow-empty-value-removed"]
    "a parameter may now be empty"
    "more is accepted"
    "nothing to do"
}
