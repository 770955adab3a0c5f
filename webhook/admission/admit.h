// One admission request in, one answer out: the straight line of the design. Pure but for the
// snapshot that it is given; any number of threads may call it at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "policy/capacity.h"
#include "policy/evaluate.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"

namespace ballast::webhook {

class ApplicationBook;

// What admission.k8s.io/v1 sends, as far as it matters. Views into the body that was read.
struct AdmissionRequest {
  std::string_view uid;
  std::string_view api_version;  // "sparkoperator.k8s.io/v1beta2"
  std::string_view kind;
  std::string_view namespace_name;
  std::string_view name;
  std::string_view operation;  // CREATE, UPDATE
  std::string_view sub_resource;
  std::string_view user;
  bool dry_run = false;
  k8s::JsonView object;
  k8s::JsonView old_object;
};

// What an Audit policy would have said, for metrics and the log.
struct ShadowFinding {
  std::string policy;
  std::string rule;
  policy::Action action = policy::Action::kWarn;

  bool operator==(const ShadowFinding&) const = default;
};

struct AdmissionAnswer {
  std::string uid;
  bool allowed = true;
  int code = 200;
  std::string message;
  k8s::Patch patch;
  std::vector<std::string> warnings;  // at most 120 characters each
  std::map<std::string, std::string> audit_annotations;
  // For log and metrics.
  bool judged = false;  // false: a kind that Ballast does not know, or nothing to judge in it
  bool policy_object = false;    // a policy or an exception was judged, not an application
  bool mismatch = false;         // an executor's pod is not what it should be
  bool unknown_version = false;  // of a known kind: not judged, and told so or refused
  bool recorded = false;         // the decision recorded in the object was given again
  std::string patch_failure;     // why a patch of ours could not be proven and was not sent
  std::string policy_names;      // "team-a,organisation"
  std::vector<ShadowFinding> shadows;
  policy::Decision decision;  // of what was judged
};

enum class Endpoint { kMutate, kValidate };

// What becomes of an object that cannot be read, such as one whose memory is no size. With kReject,
// /validate refuses it and names the place, and /mutate only warns; with kAdmit both only warn.
enum class OnUnreadable { kReject, kAdmit };

// What a decision does with a view of the cluster that is too old, since the API server is not
// heard: says so, says nothing, or (saying so) does not judge by capacity at all.
enum class OnStale { kWarn, kIgnore, kAbstain };

// Everything that a request is judged by; taken once per request.
struct Snapshot {
  policy::PolicySet policies;
  // Unix seconds, when the latest of the policies that the cluster stores was written; 0: not
  // known.
  int64_t policies_changed_seconds = 0;
  policy::ClusterCapacity cluster;
  k8s::ReadOptions read_options;
  std::string engine_version;
  std::string capacity_id;  // of `cluster`: equal for equal contents; empty: not known
  // Labels, quotas and LimitRanges; nullptr, or a namespace that is not in it: not known.
  std::shared_ptr<const policy::NamespaceStates> namespaces;
  // The applications of operators, to which pods and ConfigMaps belong; nullptr: not known.
  std::shared_ptr<const ApplicationBook> applications;
  OnUnreadable on_unreadable = OnUnreadable::kReject;
  OnStale on_stale = OnStale::kWarn;
  int64_t stale_since = 0;  // Unix seconds, when a view that is too old was heard last; 0: it isn't
};

// `now_seconds` is Unix time; exceptions end by it.
AdmissionAnswer Admit(const AdmissionRequest& request, Endpoint endpoint, const Snapshot& snapshot,
                      int64_t now_seconds);

}  // namespace ballast::webhook
