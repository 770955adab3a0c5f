// What commands read from files, as values: the whole of it, or its mistakes with their places.
// inputs.h has the same for commands that print mistakes and end.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "k8s/manifest.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "policy/result.h"

namespace ballast::webhook {

// One file's bytes; "-" is standard input. Larger than 64 MiB is a mistake.
policy::Result<std::string> ReadInput(const std::string& path);

// Policies and exceptions of all files, or every mistake of all of them.
std::variant<policy::PolicySet, std::vector<policy::Error>> ReadPolicies(
    const std::vector<std::string>& files);

// What `kubectl get namespaces,resourcequotas,limitranges -A -o yaml` printed.
policy::Result<policy::NamespaceStates> ReadNamespaces(const std::vector<std::string>& files);

// All documents of all files.
policy::Result<std::vector<k8s::ManifestDocument>> ReadManifestFiles(
    const std::vector<std::string>& files);

}  // namespace ballast::webhook
