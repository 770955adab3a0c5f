// A Spark object as it is stored: what its user wrote, and what runs where Ballast rewrote that.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/result.h"
#include "policy/workload.h"

namespace ballast::webhook {

struct StoredApplication {
  policy::ResourceRef resource;
  // As it is stored; of a snapshot, as its user wrote it. The error says why it cannot be read.
  policy::Result<policy::Workload> runs = policy::Workload();
  // What its user wrote, where it carries Ballast's record of another text.
  std::optional<policy::Workload> asked;
  bool only_asked = false;  // of a snapshot, which does not say what runs
};

// `namespace_name` is of an object that does not name its own.
StoredApplication ReadStored(const nlohmann::json& object, const k8s::Kind& kind,
                             const k8s::ReadOptions& options, std::string_view namespace_name);

// Of a snapshot.
StoredApplication FromSnapshot(policy::Workload asked);

// Whether it will not run again, as its operator says in its status.
bool HasEnded(k8s::JsonView object);

}  // namespace ballast::webhook
