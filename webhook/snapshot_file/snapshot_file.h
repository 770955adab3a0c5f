// A snapshot in one file: everything that decisions follow from, so that they can be made again
// later and anywhere. It holds no secrets: of the applications only what is judged, and of a node
// and a namespace only what decides what fits.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "k8s/kinds/kind.h"
#include "policy/capacity.h"
#include "policy/namespace_state.h"
#include "policy/policy.h"
#include "policy/result.h"
#include "policy/workload.h"

namespace ballast::webhook {

struct SnapshotFile {
  int64_t taken_seconds = 0;  // Unix time: exceptions are in force as they were then
  std::string engine_version;
  k8s::ReadOptions read_options;
  std::vector<policy::Policy> policies;
  std::vector<policy::PolicyException> exceptions;
  policy::ClusterCapacity cluster;
  // nullptr: nothing is known of any namespace.
  std::shared_ptr<const policy::NamespaceStates> namespaces;
  // Settings that policies name, which the applications were kept with besides those that are
  // judged anyway.
  std::vector<std::string> settings;
  std::vector<policy::Workload> applications;  // as asked for, before any rewriting
};

// What is kept of an application: its sizes, its place, and the settings that are judged or named
// in `settings`. It is judged as the whole is, by policies that name no other setting.
policy::Workload KeepJudged(policy::Workload workload, const std::vector<std::string>& settings);
// The settings that the policies' own lists name.
std::vector<std::string> NamedSettings(const std::vector<policy::Policy>& policies);

nlohmann::ordered_json PrintSnapshot(const SnapshotFile& snapshot);
// What PrintSnapshot wrote; the sizes of the applications are derived. Either the whole or all
// mistakes (never empty then), each with its JSON pointer after the file's name.
std::variant<SnapshotFile, std::vector<policy::Error>> ReadSnapshot(std::string_view text,
                                                                    const std::string& file);

}  // namespace ballast::webhook
