#include "policy/symptoms/finding.h"

#include <algorithm>
#include <cmath>

#include "policy/print_value.h"
#include "policy/right_size.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

// Written with one digit after the point, and none where it is a zero.
std::string Rounded(double value) { return PrintNumber(std::round(value * 10) / 10); }

constexpr int64_t kDefaultHeap = 1024;  // MiB, of driver and executor

}  // namespace

std::string SettingNow(const ApplicationRun& run, std::string_view key) {
  if (const auto written = RawSetting(run.conf, key)) return std::string(*written);
  const Setting* setting = FindSetting(key);
  return setting == nullptr ? "" : std::string(setting->DefaultIn(run.version));
}

int64_t NumberNow(const ApplicationRun& run, std::string_view key, int64_t fallback) {
  const Setting* setting = FindSetting(key);
  if (setting == nullptr) return fallback;
  const auto read = ReadOptionalInteger(run.conf, *setting, run.version);
  if (!read.ok() || !*read) return fallback;
  return **read;
}

ProposedSetting Propose(const ApplicationRun& run, std::string_view key, std::string to,
                        std::string why) {
  return {.key = std::string(key),
          .from = SettingNow(run, key),
          .to = std::move(to),
          .why = std::move(why)};
}

void ProposeUnlessSet(std::vector<ProposedSetting>& settings, const ApplicationRun& run,
                      std::string_view key, std::string to, std::string why) {
  ProposedSetting proposed = Propose(run, key, std::move(to), std::move(why));
  if (proposed.from != proposed.to) settings.push_back(std::move(proposed));
}

std::string_view HeapKey(const ApplicationRun& run) {
  return run.local() ? "spark.driver.memory" : "spark.executor.memory";
}

ProposedSetting ProposeHeap(const ApplicationRun& run, double factor, std::string why) {
  const auto now = static_cast<double>(NumberNow(run, HeapKey(run), kDefaultHeap));
  return Propose(run, HeapKey(run), NeatSize(static_cast<int64_t>(std::ceil(now * factor))),
                 std::move(why));
}

Evidence EvidenceOf(const Sighting& sighting, std::string_view amount, std::string_view limit) {
  Evidence evidence = {.count = sighting.count(),
                       .stages = sighting.stages,
                       .executors = sighting.executors,
                       .first = sighting.first,
                       .worst = sighting.worst};
  if (!amount.empty()) evidence.numbers.push_back({amount, static_cast<double>(sighting.amount)});
  if (!limit.empty() && sighting.limit > 0) {
    evidence.numbers.push_back({limit, static_cast<double>(sighting.limit)});
  }
  return evidence;
}

Sighting Together(const Sighting& one, const Sighting& other) {
  if (!one.seen()) return other;
  Sighting both = one;
  both.events += other.events;
  both.lines += other.lines;
  const auto append = [](auto& to, const auto& from) {
    for (const auto& place : from) {
      if (to.size() < kPlacesKept && std::find(to.begin(), to.end(), place) == to.end()) {
        to.push_back(place);
      }
    }
  };
  append(both.stages, other.stages);
  append(both.executors, other.executors);
  return both;
}

std::string NeatSize(int64_t mebibytes) {
  constexpr int64_t kGibi = 1024;
  mebibytes = std::max<int64_t>(mebibytes, 1);
  const int64_t neat = mebibytes < 256 ? mebibytes : NeatlyAbove(Mebibytes(mebibytes)).mebibytes();
  return neat % kGibi == 0 ? std::to_string(neat / kGibi) + "g" : std::to_string(neat) + "m";
}

int64_t PowerOfTwoAbove(int64_t value) {
  int64_t power = 1;
  while (power <= value && power < (int64_t{1} << 61)) power *= 2;
  return power;
}

std::string DescribeMillis(int64_t millis) {
  constexpr double kSecond = 1000;
  constexpr double kMinute = 60 * kSecond;
  const auto value = static_cast<double>(millis);
  if (value < kSecond) return std::to_string(millis) + " ms";
  if (value < 2 * kMinute) return Rounded(value / kSecond) + " s";
  if (value < 120 * kMinute) return Rounded(value / kMinute) + " min";
  return Rounded(value / (60 * kMinute)) + " h";
}

std::string DescribeShare(double share) { return Rounded(share * 100) + " %"; }

std::string InStages(const std::vector<int64_t>& stages) {
  constexpr size_t kTold = 4;
  if (stages.empty()) return "";
  std::string text = stages.size() == 1 ? " (stage " : " (stages ";
  const size_t told = std::min(stages.size(), kTold);
  for (size_t i = 0; i < told; ++i) {
    if (i > 0) text += i + 1 == stages.size() ? " and " : ", ";
    text += std::to_string(stages[i]);
  }
  if (stages.size() > told) text += " and " + std::to_string(stages.size() - told) + " more";
  return text + ")";
}

std::string Counted(int64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace ballast::policy
