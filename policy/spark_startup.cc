#include "policy/spark_startup.h"

#include <utility>

#include "policy/spark_profile.h"
#include "policy/spark_stages.h"

namespace ballast::policy {
namespace {

template <typename T>
stages::Refused ErrorOf(const Result<T>& result) {
  if (result.ok()) return std::nullopt;
  return result.error();
}

}  // namespace

std::vector<Refusal> StartupRefusals(const SparkConf& conf, Language language,
                                     SparkVersions versions) {
  std::vector<Refusal> refusals;
  const auto add = [&](std::string_view stage, stages::Refused refused) {
    if (!refused) return;
    refusals.push_back({stage, std::move(refused->where), std::move(refused->what)});
  };
  const SparkVersion runtime = versions.runtime;
  add("submitArgs", stages::SubmitArgs(conf, versions.submit));
  add("driver", ErrorOf(DriverShape(conf, language, versions.submit)));
  add("driverXmx", stages::DriverXmx(conf));
  add("jvm", stages::Jvm(conf));
  add("validateSettings", stages::ValidateSettings(conf, runtime));
  const Result<ExecutorProfile> profile = ReadExecutorProfile(conf, runtime);
  const stages::Refused slots = stages::Slots(profile);
  add("taskSlots", slots);
  add("kryo", stages::Kryo(conf, runtime));
  add("rpc", stages::Rpc(conf, runtime));
  add("ummDriver", stages::DriverRegions(conf, runtime));
  add("dynAlloc", stages::DynamicAllocation(conf, slots, runtime));
  add("executor",
      profile.ok() ? ErrorOf(ExecutorShape(conf, *profile, language, runtime)) : ErrorOf(profile));
  add("ummExecutor", stages::ExecutorRegions(conf, runtime));
  return refusals;
}

}  // namespace ballast::policy
