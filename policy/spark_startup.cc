#include "policy/spark_startup.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "policy/spark_profile.h"
#include "policy/spark_stages.h"

namespace ballast::policy {
namespace {

using stages::Refused;

template <typename T>
Refused ErrorOf(const Result<T>& result) {
  if (result.ok()) return std::nullopt;
  return result.error();
}

// One start-up. Three stages need the executors' profile, which is read once.
class StartUp {
 public:
  StartUp(const SparkConf& its_conf, Language its_language, SparkVersions versions)
      : conf(its_conf),
        language(its_language),
        submit(versions.submit),
        runtime(versions.runtime) {}

  const SparkConf& conf;
  const Language language;
  const SparkVersion submit;
  const SparkVersion runtime;

  const Result<ExecutorProfile>& Profile() {
    if (profile_) {
      KeysRead::Note(profile_keys_);
    } else {
      const KeysRead::Watch watch(profile_keys_);
      profile_ = ReadExecutorProfile(conf, runtime);
    }
    return *profile_;
  }

 private:
  std::optional<Result<ExecutorProfile>> profile_;
  KeysRead profile_keys_;
};

struct Stage {
  std::string_view name;
  Refused (*refuse)(StartUp& start);
};

constexpr Stage kStages[] = {
    {"submitArgs", [](StartUp& start) { return stages::SubmitArgs(start.conf, start.submit); }},
    {"driver",
     [](StartUp& start) {
       if (auto no = ErrorOf(DriverShape(start.conf, start.language, start.submit))) return no;
       return stages::DriverPod(start.conf, start.language, start.submit);
     }},
    {"driverXmx", [](StartUp& start) { return stages::DriverXmx(start.conf, start.runtime); }},
    {"jvm", [](StartUp& start) { return stages::Jvm(start.conf); }},
    {"validateSettings",
     [](StartUp& start) { return stages::ValidateSettings(start.conf, start.runtime); }},
    {"taskSlots", [](StartUp& start) { return stages::Slots(start.Profile()); }},
    {"kryo", [](StartUp& start) { return stages::Kryo(start.conf, start.runtime); }},
    {"rpc", [](StartUp& start) { return stages::Rpc(start.conf, start.runtime); }},
    {"ummDriver", [](StartUp& start) { return stages::DriverRegions(start.conf, start.runtime); }},
    {"dynAlloc",
     [](StartUp& start) {
       const Refused slots = stages::Slots(start.Profile());
       return stages::DynamicAllocation(start.conf, slots, start.runtime);
     }},
    {"executor",
     [](StartUp& start) {
       const auto& profile = start.Profile();
       if (!profile.ok()) return ErrorOf(profile);
       if (auto no = ErrorOf(ExecutorShape(start.conf, *profile, start.language, start.runtime))) {
         return no;
       }
       return stages::ExecutorPod(start.conf, start.runtime);
     }},
    {"ummExecutor",
     [](StartUp& start) { return stages::ExecutorRegions(start.conf, start.runtime); }},
};

std::vector<Refusal> RefusalsOf(const Stage& stage, StartUp& start) {
  std::vector<Refusal> refusals;
  if (Refused refused = stage.refuse(start)) {
    refusals.push_back({stage.name, std::move(refused->where), std::move(refused->what)});
  }
  return refusals;
}

}  // namespace

std::vector<Refusal> StartupRefusals(const SparkConf& conf, Language language,
                                     SparkVersions versions) {
  StartUp start(conf, language, versions);
  std::vector<Refusal> refusals;
  for (const Stage& stage : kStages)
    std::ranges::move(RefusalsOf(stage, start), std::back_inserter(refusals));
  return refusals;
}

void AskStages(const SparkConf& conf, Language language, SparkVersions versions,
               std::span<const std::string> changed, std::vector<StageAnswer>& answers) {
  const bool first = answers.empty();
  answers.resize(std::size(kStages) + 1);
  StartUp start(conf, language, versions);
  for (size_t i = 0; i < answers.size(); ++i) {
    StageAnswer& answer = answers[i];
    if (!first && !answer.looked_at.MayHoldAny(changed)) continue;
    answer.looked_at = {};
    const KeysRead::Watch watch(answer.looked_at);
    answer.refusals = i < std::size(kStages) ? RefusalsOf(kStages[i], start)
                                             : ContextRefusals(conf, versions.runtime);
  }
}

}  // namespace ballast::policy
