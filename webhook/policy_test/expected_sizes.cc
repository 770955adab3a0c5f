#include "webhook/policy_test/expected_sizes.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "policy/policy_values.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

// As text/decision_json.cc prints them; a test holds the two together.
constexpr std::string_view kPod[] = {"heapMiB",   "overheadMiB", "offHeapMiB",     "pysparkMiB",
                                     "memoryMiB", "cpuMillis",   "cpuLimitMillis", "slots"};
constexpr std::string_view kExecutors[] = {"instances", "min", "initial", "max"};
constexpr std::string_view kTotals[] = {"memoryMiB", "cpuMillis", "slots"};
constexpr std::string_view kPlacement[] = {"eligibleNodes",    "perNode",       "podsPerNode",
                                           "placeable",        "takenByDriver", "strandedCpuMillis",
                                           "strandedMemoryMiB"};

struct Part {
  std::string_view name;
  std::span<const std::string_view> keys;
};
constexpr Part kParts[] = {{"driver", kPod},
                           {"executor", kPod},
                           {"executors", kExecutors},
                           {"totals", kTotals},
                           {"placement", kPlacement}};

json ReadPart(const YamlNode& node, const std::string& path, const Part& part, Mistakes& mistakes) {
  json numbers = json::object();
  if (!ExpectMap(node, path, "a map of numbers", mistakes)) return numbers;
  CheckKeys(node, path, part.keys, mistakes);
  for (const std::string_view key : part.keys) {
    if (node.Find(key) == nullptr) continue;
    numbers[std::string(key)] = ValueOf(
        node, key, path, "a whole number",
        [](std::string_view text) {
          return policy::ReadWhole(text, 0, std::numeric_limits<int64_t>::max());
        },
        int64_t{0}, mistakes);
  }
  if (node.keys.empty()) mistakes.Add(node, path + " expects nothing; write one of its numbers");
  return numbers;
}

}  // namespace

json ReadExpectedSizes(const YamlNode& node, const std::string& path, Mistakes& mistakes) {
  json sizes = json::object();
  if (!ExpectMap(node, path, "a map {driver, executor, executors, totals, placement}", mistakes)) {
    return sizes;
  }
  std::vector<std::string_view> names;
  for (const Part& part : kParts) names.push_back(part.name);
  CheckKeys(node, path, names, mistakes);
  for (const Part& part : kParts) {
    const YamlNode* at = node.Find(part.name);
    if (at == nullptr) continue;
    sizes[std::string(part.name)] = ReadPart(*at, Join(path, part.name), part, mistakes);
  }
  if (node.keys.empty())
    mistakes.Add(node, path + " expects nothing; write executor: {heapMiB: 8192}");
  return sizes;
}

}  // namespace ballast::webhook
