// Fields of a manifest that its author mistyped or misplaced, and settings in its sparkConf. An API
// server drops such fields without a word where nobody asked it to be strict, Spark keeps settings
// that nothing reads, and the job runs with what is the default.
#pragma once

#include <vector>

#include "k8s/manifest.h"
#include "policy/result.h"

namespace ballast::webhook {

// The members that are no fields of the document's kind, and are either nearly one or one of
// another place, in the order of the file. Others are passed over: a newer operator may know them.
// So are settings that are not one of those that Ballast knows but for a letter: they are Spark's,
// or somebody's own. A document that has very many is looked at in part. Of a kind that Ballast
// does not judge, the kind or its group where that is nearly a known one. Each error's `where` is a
// JSON pointer into the document.
std::vector<policy::Error> MistypedFields(const k8s::ManifestDocument& document);

}  // namespace ballast::webhook
