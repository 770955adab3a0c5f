// The texts of an answer: what users, auditors and the next reader of the object are told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "k8s/kinds/kind.h"
#include "policy/evaluate.h"
#include "policy/workload.h"
#include "webhook/admission/judge.h"

namespace ballast::webhook {

// "driver 8999Mi 2 cpu, executors 10 x 36Gi 4 cpu"; of a pod by itself its own part.
std::string SizesInBrief(const policy::Workload& workload);

// "kryo-buffer,cluster-share": each rule that found something, once; with `acted_only`, only those
// that rewrote or rejected.
std::string RulesOf(const policy::Decision& decision, bool acted_only);

// One line a finding: "kryo-buffer: ...". Control characters become blanks.
std::vector<std::string> WarningsOf(const policy::Decision& decision);
// Cuts each at 120 characters, and all together at 4,096, which is what the API server takes.
void FitWarnings(std::vector<std::string>& warnings);

// What must be rejected, and why: "ballast: rejected: executor-fits-node: ...".
std::string RejectionText(const policy::Decision& decision);
// Why a rewrite is refused, and the manifest, or the settings of a driver's file, to write instead.
std::string RefusedRewriteText(const k8s::Kind& kind, const policy::Decision& decision,
                               const k8s::Patch& patch);
// The part of a manifest that a patch writes, as YAML.
std::string ManifestPart(const k8s::Patch& patch);

// The value of ballast.dev/decision.
std::string DecisionSummary(const Judged& judged, std::string_view engine_version);

// Fills audit annotations and what log and metrics need.
void Describe(const Case& c, const Judged& judged, AdmissionAnswer& answer);

}  // namespace ballast::webhook
