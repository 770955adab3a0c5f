#include "policy/startup_verdict.h"

#include <algorithm>
#include <utility>

namespace ballast::policy {
namespace {

// Whether the submitting Spark is the one that checks in this stage; else the application's.
bool IsSubmitStage(std::string_view stage) { return stage == "submitArgs" || stage == "driver"; }

struct Refusing {
  StartupVerdict::Group group;
  std::vector<SparkVersion> versions;  // in order, each once
  size_t combinations = 0;             // how many of the possible ones
};

// "3.3 to 4.1" where they follow each other in `known`, which is in order.
std::string PrintVersions(const std::vector<SparkVersion>& versions,
                          const std::vector<SparkVersion>& known) {
  std::string text;
  size_t i = 0;
  while (i < versions.size()) {
    auto at = std::find(known.begin(), known.end(), versions[i]);
    size_t last = i;
    while (last + 1 < versions.size() && at + 1 != known.end() && *(at + 1) == versions[last + 1]) {
      ++last;
      ++at;
    }
    if (!text.empty()) text += ", ";
    text += PrintSparkVersion(versions[i]);
    if (last > i) text += " to " + PrintSparkVersion(versions[last]);
    i = last + 1;
  }
  return text;
}

void Insert(std::vector<SparkVersion>& versions, SparkVersion version) {
  const auto at = std::lower_bound(versions.begin(), versions.end(), version);
  if (at == versions.end() || *at != version) versions.insert(at, version);
}

void Add(std::vector<Refusing>& all, const Refusal& refusal, SparkVersions versions,
         std::vector<std::string>& seen) {
  auto found = std::find_if(all.begin(), all.end(), [&](const Refusing& one) {
    return one.group.setting == refusal.setting;
  });
  if (found == all.end()) {
    all.push_back({{refusal.setting, refusal.stage, refusal.message, {}, false}, {}, 0});
    found = all.end() - 1;
  }
  Insert(found->versions, IsSubmitStage(refusal.stage) ? versions.submit : versions.runtime);
  if (std::find(seen.begin(), seen.end(), refusal.setting) != seen.end()) return;
  seen.push_back(refusal.setting);
  ++found->combinations;
}

}  // namespace

bool PassesUnchecked(std::string_view stage, const Workload& workload) {
  return (stage == "submitArgs" && !workload.by_spark_submit) ||
         (stage == "driver" && workload.driver_given);
}

bool StartupVerdict::Names(std::string_view setting) const {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const Group& group) { return group.setting == setting; });
}

const std::vector<Refusal>& StartupMemory::RefusalsOf(const SparkConf& conf, Language language,
                                                      SparkVersions versions) {
  if (known_.empty() || language != language_) {
    known_.clear();
    conf_ = conf;
    language_ = language;
  } else if (const auto changed = SparkConf::ChangedKeys(conf_, conf); !changed.empty()) {
    conf_ = conf;
    for (Known& known : known_) Ask(changed, known);
  }
  for (const Known& known : known_) {
    if (known.versions == versions) return known.refusals;
  }
  Known& known = known_.emplace_back(Known{versions, {}, {}});
  Ask({}, known);
  return known.refusals;
}

void StartupMemory::Ask(std::span<const std::string> changed, Known& known) const {
  AskStages(conf_, language_, known.versions, changed, known.answers);
  known.refusals.clear();
  for (const StageAnswer& answer : known.answers) {
    known.refusals.insert(known.refusals.end(), answer.refusals.begin(), answer.refusals.end());
  }
}

StartupVerdict JudgeStartup(const SparkConf& conf, const Workload& workload,
                            std::span<const SparkVersions> possible) {
  StartupMemory memory;
  return JudgeStartup(conf, workload, possible, memory);
}

StartupVerdict JudgeStartup(const SparkConf& conf, const Workload& workload,
                            std::span<const SparkVersions> possible, StartupMemory& memory) {
  std::vector<Refusing> all;
  std::vector<SparkVersion> known;
  size_t refused = 0;
  for (const SparkVersions& versions : possible) {
    Insert(known, versions.submit);
    Insert(known, versions.runtime);
    const std::vector<Refusal>& refusals = memory.RefusalsOf(conf, workload.language, versions);
    std::vector<std::string> seen;
    for (const Refusal& refusal : refusals) {
      if (!PassesUnchecked(refusal.stage, workload)) Add(all, refusal, versions, seen);
    }
    if (!seen.empty()) ++refused;
  }
  StartupVerdict verdict;
  verdict.refused_by_all = refused == possible.size();
  for (Refusing& one : all) {
    one.group.versions = PrintVersions(one.versions, known);
    one.group.by_all = one.combinations == possible.size();
    verdict.groups.push_back(std::move(one.group));
  }
  return verdict;
}

}  // namespace ballast::policy
