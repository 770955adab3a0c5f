// What the status of a policy or an exception should say. Pure; the time is a value.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "policy/capacity.h"
#include "policy/layers.h"
#include "policy/namespace_state.h"
#include "webhook/operator/policy_book.h"

namespace ballast::webhook {

// Answers of this replica since it started, dry-runs left out.
struct DecisionCounts {
  int64_t admitted = 0;
  int64_t rewritten = 0;
  int64_t rejected = 0;

  bool operator==(const DecisionCounts&) const = default;
};

// What a status tells besides what stands in the object.
struct StatusFacts {
  int64_t now_seconds = 0;
  const policy::PolicySet* policies = nullptr;          // in force
  const policy::NamespaceStates* namespaces = nullptr;  // nullptr: not known
  const policy::ClusterCapacity* cluster = nullptr;
  std::string replica;                     // who writes
  int64_t since_seconds = 0;               // when it began to count
  DecisionCounts counts;                   // of this policy
  std::optional<int64_t> stored_rewrites;  // nullopt: not counted yet; what is stored stays
};

// The whole status, as a merge patch: null is taken away. The stored one is asked for the times of
// conditions that stay as they were.
nlohmann::json StatusOf(const StoredPolicy& stored, const StatusFacts& facts);

// How two statuses differ: what users wait for (conditions, observedGeneration), or only numbers.
enum class StatusChange { kNone, kNumbers, kConditions };
StatusChange ChangeBetween(const nlohmann::json& stored, const nlohmann::json& wanted);

// When a status may be written: what users wait for at once but at most once a `kConditionGap` per
// object, numbers once a `kNumberGap`.
inline constexpr int64_t kConditionGapSeconds = 1;
inline constexpr int64_t kNumberGapSeconds = 60;
bool DueNow(StatusChange change, std::optional<int64_t> last_written_seconds, int64_t now_seconds);

}  // namespace ballast::webhook
