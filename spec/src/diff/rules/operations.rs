//! Paths, operations, their names and servers.

super::rules! { Operations:

"path-removed" (any "BB-") mirror ["path-added"]
    "a path with all its operations is gone"
    "every client that calls it gets 404, and the SDK loses its methods. A path that differs in a fixed segment is another path: nothing says that the new one does the same"
    "serve the old path beside the new one, mark its operations `deprecated` with an `x-sunset` date, and remove it after that date"
"path-removed-after-sunset" (any "---") mirror ["path-added"]
    "a path is gone whose operations were all deprecated and whose sunset has passed"
    "it was announced: clients had until the date to move"
    "nothing to do"
"path-added" (any "---") mirror ["path-removed" "path-removed-after-sunset" "path-removed-before-sunset"]
    "a path is new"
    "no old client calls it"
    "nothing to do"
"path-removed-before-sunset" (any "BB-") mirror ["path-added"]
    "a path is gone whose operations were deprecated, but whose sunset has not come"
    "clients rely on the announced date"
    "keep the path until the date in `x-sunset`"
"operation-removed" (any "BB-") mirror ["operation-added"]
    "an operation is gone that was not deprecated with a sunset"
    "clients that call it get 405 or 404, and the SDK loses the method"
    "mark it `deprecated` with an `x-sunset` date first, and remove it after that date"
"operation-removed-before-sunset" (any "BB-") mirror ["operation-added"]
    "a deprecated operation is gone before its sunset"
    "clients rely on the announced date"
    "keep the operation until the date in `x-sunset`"
"operation-removed-after-sunset" (any "---") mirror ["operation-added"]
    "a deprecated operation is gone and its sunset has passed"
    "it was announced: clients had until the date to move"
    "nothing to do"
"operation-added" (any "---") mirror ["operation-removed" "operation-removed-before-sunset" "operation-removed-after-sunset"]
    "an operation is new"
    "no old client calls it"
    "nothing to do"
"path-variable-renamed" (any "-w-") mirror ["path-variable-renamed"]
    "a variable of a path has another name"
    "the address on the wire is the same; generated code may carry the name in a setter or an argument"
    "keep the old name, or accept that users of an SDK rename one call"
"operation-id-changed" (any "-B-") mirror ["operation-id-changed"]
    "the operationId is another one"
    "the SDK's method is called after it, so calls of the old name do not compile"
    "keep the operationId; the summary can say the better name"
"operation-id-removed" (any "-B-") mirror ["operation-id-added"]
    "the operationId is gone"
    "generators make up a name from method and path, so the method is called otherwise"
    "keep the operationId"
"operation-id-added" (any "-B-") mirror ["operation-id-removed"]
    "an operationId is given where there was none"
    "generators no longer make up the name, so the method is called otherwise"
    "give the name that the generator made up"
"operation-tag-changed" (any "-w-") mirror ["operation-tag-changed"]
    "the first tag is another one"
    "many generators put the method into a module or class named after the first tag"
    "keep the first tag; further tags may come after it"
"server-removed" (any "w--") mirror ["server-added"]
    "a server's address is no longer listed"
    "clients that took their base address from the document still call the old one"
    "keep the old address listed and served until clients have moved"
"server-added" (any "---") mirror ["server-removed"]
    "a server's address is new"
    "nobody has to use it"
    "nothing to do"
"schema-renamed" (any "-B-") mirror ["schema-renamed" "schema-reference-changed"]
    "a schema has another name"
    "the wire does not know names of schemas; the SDK's type is called otherwise"
    "keep the old name; or keep it as a schema that is only a `$ref` to the new one"
"schema-reference-changed" (any "-B-") mirror ["schema-reference-changed" "schema-renamed"]
    "another schema of its own name stands here, while the old one is still there"
    "the SDK's field or method has another type"
    "keep the reference to the old schema"
"schema-names-collide" (any "-B-") mirror ["schema-names-no-longer-collide"]
    "two schemas have names that become one and the same type name in Rust"
    "generators drop one or number them, so that existing names change their meaning"
    "choose a name that differs in more than case and punctuation"
"schema-names-no-longer-collide" (any "-w-") mirror ["schema-names-collide"]
    "two schemas whose names became one type name no longer do"
    "a type that generators had numbered has its plain name again"
    "nothing to do but to tell users"
}
