// What several symptoms need to put their findings into words: what a setting was, what it should
// become, how sizes and times are written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/symptoms/symptom.h"

namespace ballast::policy {

// What the run had for this setting: as written, else Spark's default in that version, else empty.
std::string SettingNow(const ApplicationRun& run, std::string_view key);
// The same as a number in the setting's own unit (spark.executor.memory: MiB), or `fallback` where
// it is unknown or cannot be read. `key` is one of AllSettings() that is a number.
int64_t NumberNow(const ApplicationRun& run, std::string_view key, int64_t fallback);

ProposedSetting Propose(const ApplicationRun& run, std::string_view key, std::string to,
                        std::string why);
// The same unless the run has `to` already.
void ProposeUnlessSet(std::vector<ProposedSetting>& settings, const ApplicationRun& run,
                      std::string_view key, std::string to, std::string why);

// "spark.executor.memory", or in local mode, where tasks run in the driver, "spark.driver.memory".
std::string_view HeapKey(const ApplicationRun& run);
// That heap times `factor`, rounded up to a neat size; the default where it is unknown.
ProposedSetting ProposeHeap(const ApplicationRun& run, double factor, std::string why);

// What a sighting rests on; `amount` and `limit` name its numbers, empty: it has none.
Evidence EvidenceOf(const Sighting& sighting, std::string_view amount = {},
                    std::string_view limit = {});
// Both together; numbers are those of the first that was seen.
Sighting Together(const Sighting& one, const Sighting& other);

// In Spark's spelling, rounded up: whole GiB from 4 GiB on, multiples of 256 MiB from there on,
// else whole MiB.
std::string NeatSize(int64_t mebibytes);
// The least power of two that is above `value` (>= 1).
int64_t PowerOfTwoAbove(int64_t value);

// "350 ms", "4.2 s", "12 min", "3.5 h".
std::string DescribeMillis(int64_t millis);
// "12 %", "0.4 %".
std::string DescribeShare(double share);
// " (stage 3)", " (stages 3, 7, 9 and 12 more)"; empty where none is known.
std::string InStages(const std::vector<int64_t>& stages);
// "1 task", "3 tasks".
std::string Counted(int64_t count, std::string_view noun);

}  // namespace ballast::policy
