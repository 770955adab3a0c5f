// Proves that the webhook answers through the API server: what Ballast must refuse and what it must
// rewrite is sent as dry runs, and the answer has to be Ballast's.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "k8s/api/client.h"
#include "policy/result.h"

namespace ballast::webhook {

struct ProbeOptions {
  std::string name = "ballast-probe";  // of the objects that are tried; nothing is ever stored
  bool policy = false;                 // try a SparkResourcePolicy
  std::string application_namespace;   // try a SparkApplication there; empty: do not
};

// A policy with a mistake that no schema sees, only who reads Spark's sizes.
nlohmann::json PolicyTrial(const std::string& name);
// A job with a Kryo buffer of 2048 MiB, which Spark refuses: every policy has it rewritten or
// refused.
nlohmann::json ApplicationTrial(const ProbeOptions& options);

// What one answer of the API server shows.
enum class Proof {
  kProven,     // Ballast was asked
  kNotYet,     // it was not, or not with success: a configuration takes a second to be in force
  kNotServed,  // the API server does not know the kind, so there is nothing to prove
};
struct ProbeResult {
  Proof proof = Proof::kNotYet;
  std::string text;  // one sentence
};

ProbeResult JudgePolicyTrial(const k8s::ApiResult<nlohmann::json>& answer);
ProbeResult JudgeApplicationTrial(const k8s::ApiResult<nlohmann::json>& answer);

// Tries until all is proven or `again` says that it was tried long enough; `again` is called
// between two tries and does the waiting. The value is one sentence for each trial; the error is
// what the last try said.
policy::Result<std::vector<std::string>> Probe(k8s::ApiClient& client, const ProbeOptions& options,
                                               const std::function<bool()>& again);

}  // namespace ballast::webhook
