// What all the Spark versions that may run an application refuse of it, by setting.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/spark_startup.h"
#include "policy/workload.h"

namespace ballast::policy {

struct StartupVerdict {
  // One setting at fault.
  struct Group {
    std::string setting;
    std::string_view stage;  // of its first refusal; static storage
    std::string message;     // of its first refusal: Spark's own reason
    std::string versions;    // that refuse it: "3.5", "3.3 to 4.1", "3.3, 4.0 to 4.3"
    bool by_all = false;     // every possible version refuses this setting
  };
  std::vector<Group> groups;    // in the order in which Spark reaches them
  bool refused_by_all = false;  // every possible version refuses something

  bool Names(std::string_view setting) const;
};

// Remembers what was refused of the configuration that was asked about last: one evaluation comes
// back to the same one several times, or to one in which a few settings changed, of which then only
// what looked at them is asked again. For one thread.
class StartupMemory {
 public:
  // As StartupRefusals and then ContextRefusals. Good until the next call.
  const std::vector<Refusal>& RefusalsOf(const SparkConf& conf, Language language,
                                         SparkVersions versions);

 private:
  struct Known {
    SparkVersions versions;
    std::vector<StageAnswer> answers;
    std::vector<Refusal> refusals;  // those of the answers
  };
  void Ask(std::span<const std::string> changed, Known& known) const;

  SparkConf conf_;
  Language language_ = Language::kJvm;
  std::vector<Known> known_;  // of conf_ and language_
};

// Whether a stage of Spark's start-up is not reached by this workload: what is made without
// spark-submit is not held to its checks, and a driver's pod that a template sizes is built by none
// of Spark's steps.
bool PassesUnchecked(std::string_view stage, const Workload& workload);

// The SparkContext's checks included. `possible` must not be empty: {workload.versions} at least.
StartupVerdict JudgeStartup(const SparkConf& conf, const Workload& workload,
                            std::span<const SparkVersions> possible, StartupMemory& memory);
StartupVerdict JudgeStartup(const SparkConf& conf, const Workload& workload,
                            std::span<const SparkVersions> possible);

}  // namespace ballast::policy
