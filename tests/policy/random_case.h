// Random workloads, policies and clusters from a seed: the same seed makes the same case anywhere.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "policy/capacity.h"
#include "policy/policy.h"
#include "policy/workload.h"

namespace ballast::policy {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  // Standard distributions differ between libraries; this one does not.
  int64_t Between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(engine_() % static_cast<uint64_t>(most - least + 1));
  }
  bool OneIn(int64_t n) { return Between(1, n) == 1; }
  template <typename T, size_t kSize>
  const T& Of(const T (&choices)[kSize]) {
    return choices[static_cast<size_t>(Between(0, static_cast<int64_t>(kSize) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

using ConfMap = std::map<std::string, std::string>;

// A workload with these settings on Spark 3.5, its sizes derived.
Workload WorkloadOf(const ConfMap& conf, Language language = Language::kJvm,
                    SparkVersion version = {3, 5});

// Settings that decide sizes; nearly always ones that Spark would accept.
ConfMap RandomSizes(Dice& dice);
// One to four classes of nodes, some of them not ready.
ClusterCapacity RandomCluster(Dice& dice);
// RandomSizes with other settings that rules read, some of them out of bounds.
ConfMap RandomConf(Dice& dice);
// Limits of shape, split and application over the built-in policy; shape, fit and share enforced.
Policy RandomShapePolicy(Dice& dice);
// Limits of every rule, and a mode for each.
Policy RandomPolicy(Dice& dice);

}  // namespace ballast::policy
