#include "webhook/admission/granted.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "webhook/admission/review.h"

namespace ballast::webhook {
namespace {

using policy::VerdictKind;

// Of the largest, where it is not known which Spark will read the settings.
std::optional<Granted> GrantedIn(const policy::Workload& workload) {
  const auto& shape = workload.sizes.executor;
  if (!shape) return std::nullopt;
  Granted granted{shape->memory(), shape->cpu};
  if (workload.version_known) return granted;
  for (const policy::SparkVersion version : policy::KnownSparkVersions()) {
    const auto other = policy::ExecutorShape(workload.conf, workload.language, version);
    if (!other) continue;
    granted.memory = std::max(granted.memory, other->memory());
    granted.cpu = std::max(granted.cpu, other->cpu);
  }
  return granted;
}

std::string Print(const Granted& granted) {
  return policy::PrintMemoryQuantity(granted.memory) + " " + policy::PrintCpuQuantity(granted.cpu);
}

// "36Gi 4 cpu"
std::optional<Granted> ReadSize(std::string_view text) {
  constexpr std::string_view kUnit = " cpu";
  if (!text.ends_with(kUnit)) return std::nullopt;
  text.remove_suffix(kUnit.size());
  return ReadGranted(text);
}

// "10", or "2..10" of dynamic allocation: the most.
std::optional<int64_t> ReadMost(std::string_view text) {
  if (const size_t range = text.find(".."); range != std::string_view::npos) {
    text.remove_prefix(range + 2);
  }
  int64_t most = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, most);
  if (error != std::errc() || end != last) return std::nullopt;
  return most;
}

// "driver 8999Mi 2 cpu" without its first word.
std::string_view WithoutNoun(std::string_view text) {
  const size_t blank = text.find(' ');
  return blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
}

bool Keeps(const Granted& granted, const policy::Result<policy::PodShape>& shape) {
  return shape.ok() && shape->memory() <= granted.memory && shape->cpu <= granted.cpu;
}

// A driver's settings do not say which Spark reads them, and the decision knew it: what one of them
// makes of the settings counts.
template <typename Holds>
bool ForSomeSpark(Holds holds) {
  return std::ranges::any_of(policy::KnownSparkVersions(), holds);
}

}  // namespace

std::string SizesDecided(std::string_view text) {
  const policy::Result<nlohmann::json> summary = ReadBoundedJson(text);
  if (!summary || !summary->is_object()) return {};
  const auto after = summary->find("after");
  return after == summary->end() || !after->is_string() ? std::string() : after->get<std::string>();
}

std::optional<GrantedSizes> GrantedSizesOf(const KnownApplication& application) {
  // "driver 8999Mi 2 cpu, executors 10 x 36Gi 4 cpu"
  const std::string sizes = SizesDecided(application.decision);
  const std::string_view text = sizes;
  const size_t comma = text.find(", ");
  const size_t times = text.rfind(" x ");
  if (comma == std::string_view::npos || times == std::string_view::npos || times < comma + 2) {
    return std::nullopt;
  }
  return GrantedSizes{
      .driver = ReadSize(WithoutNoun(text.substr(0, comma))),
      .executor = ReadSize(text.substr(times + 3)),
      .executors = ReadMost(WithoutNoun(text.substr(comma + 2, times - comma - 2)))};
}

std::optional<Granted> GrantedBy(const KnownApplication& application) {
  const std::optional<GrantedSizes> sizes = GrantedSizesOf(application);
  return sizes ? sizes->executor : std::nullopt;
}

bool KeepsTo(const GrantedSizes& granted, const policy::Workload& workload) {
  if (workload.extent == policy::Extent::kDriverPod) {
    return !granted.driver || Keeps(*granted.driver, workload.sizes.driver);
  }
  const policy::SparkConf& conf = workload.conf;
  const bool driver = !granted.driver || ForSomeSpark([&](policy::SparkVersion version) {
    return Keeps(*granted.driver, policy::DriverShape(conf, workload.language, version));
  });
  const bool executor = !granted.executor || ForSomeSpark([&](policy::SparkVersion version) {
    return Keeps(*granted.executor, policy::ExecutorShape(conf, workload.language, version));
  });
  const bool executors = !granted.executors || ForSomeSpark([&](policy::SparkVersion version) {
    const auto count = policy::CountExecutors(conf, version);
    return count.ok() && count->most() <= *granted.executors;
  });
  return driver && executor && executors;
}

std::optional<Granted> ReadGranted(std::string_view text) {
  const size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto memory = policy::ParseMemoryQuantity(text.substr(0, blank));
  const auto cpu = policy::ParseCpuQuantity(text.substr(blank + 1));
  if (!memory || !cpu) return std::nullopt;
  return Granted{*memory, *cpu};
}

bool WriteGranted(policy::Decision& decision) {
  const bool rewritten = decision.verdict == VerdictKind::kRewritten;
  policy::SparkConf& conf = decision.after.conf;
  const auto written = conf.Get(kGrantedSetting);
  if (decision.verdict == VerdictKind::kRejected || (!rewritten && !written)) return false;
  const std::optional<Granted> granted = GrantedIn(decision.after);
  if (granted && written && ReadGranted(*written) == granted) return false;
  if (granted && rewritten) {
    conf.Set(kGrantedSetting, Print(*granted));
    return false;
  }
  if (!written) return false;
  conf.Remove(kGrantedSetting);
  decision.verdict = VerdictKind::kRewritten;
  return true;
}

}  // namespace ballast::webhook
