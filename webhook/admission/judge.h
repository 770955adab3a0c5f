// What is judged, and the judgement of it: one object's text against the policies that match.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "k8s/kinds/kind.h"
#include "policy/evaluate.h"
#include "policy/layers.h"
#include "policy/result.h"
#include "webhook/admission/admit.h"
#include "webhook/admission/annotations.h"

namespace ballast::webhook {

struct KnownApplication;

// A request for a kind that Ballast judges, with what Ballast finds of itself in it.
struct Case {
  const AdmissionRequest& request;
  const Snapshot& snapshot;
  const k8s::Kind& kind;
  int64_t now_seconds = 0;
  bool update = false;
  OwnAnnotations own;     // of the object
  OwnAnnotations stored;  // of the old object, of an update
  // Whose pod or ConfigMap this is, where that is known: policies select by its labels.
  const KnownApplication* application = nullptr;
  // By the policies' fixed limits alone, whatever the cluster and the namespace have room for.
  bool limits_alone = false;
  // Unix seconds: by the exceptions that counted then; 0: by those that count now.
  int64_t exceptions_of = 0;

  // A new value of ballast.dev/rejudge asks for a new decision.
  bool asks_again() const { return !own.rejudge.empty() && own.rejudge != stored.rejudge; }
  bool refuses_rewrites() const { return own.rewrite == "Refuse"; }
};

struct Judged {
  std::optional<policy::Error> unreadable;  // then the decision is empty
  policy::Decision decision;
  std::shared_ptr<const policy::EffectivePolicy> policy;
  k8s::Patch patch;  // of the text that was judged, without annotations
  std::vector<ShadowFinding> shadows;
  // What is to be known besides findings: an exception that shields this object and ends within a
  // week, a view of the cluster that is too old.
  std::vector<std::string> notices;
};

Judged Judge(const Case& c, k8s::JsonView text);

// What the policies that match say of this workload by their fixed limits alone. It need not stand
// in any object.
policy::Decision JudgeByLimits(const Case& c, policy::Workload workload);

// Reads a text as Judge does, without judging it.
policy::Result<policy::Workload> ReadWorkload(const Case& c, k8s::JsonView text);

}  // namespace ballast::webhook
