// Workloads of manifests: the Spark objects among documents, read as Spark will get them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/kinds/kind.h"
#include "k8s/manifest.h"
#include "policy/workload.h"

namespace ballast::webhook {

// The kind of a document; nullptr where Ballast does not judge it.
const k8s::Kind* KindOf(const k8s::ManifestDocument& document);

// The same mistake with the document's place in its file, and the field.
policy::Error PlacedError(const k8s::ManifestDocument& document, const policy::Error& error);
// Prints a mistake in a document: its place in the file, the field, the remedy.
void ComplainOf(const k8s::ManifestDocument& document, const policy::Error& error);
// Prints what was mistyped in it, which is no reason not to go on.
void TellMistypedFields(const k8s::ManifestDocument& document);

// Documents of other kinds are left out. `namespace_name` is of documents that do not name theirs.
// A mistake is printed with its place; then nullopt.
std::optional<std::vector<policy::Workload>> ReadWorkloads(
    const std::vector<k8s::ManifestDocument>& documents, const k8s::ReadOptions& options,
    const std::string& namespace_name = "default");

}  // namespace ballast::webhook
