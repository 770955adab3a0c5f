// The stages before the driver runs: spark-submit's arguments, the launcher's heap flag, the JVM.
#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "policy/java_number.h"
#include "policy/option_words.h"
#include "policy/spark_settings.h"
#include "policy/spark_stages.h"

namespace ballast::policy::stages {
namespace {

Refused NotPositiveMemory(const SparkConf& conf, std::string_view key, std::string_view role,
                          SparkVersion version) {
  const auto text = conf.Get(key);
  if (!text) return std::nullopt;
  const Result<int64_t> bytes = ByteStringAs(*text, ByteUnit::kByte, version);
  if (bytes.ok() && *bytes > 0) return std::nullopt;
  return Error{std::string(key), std::string(role) + " memory must be a positive number"};
}

Refused NotPositiveCount(const SparkConf& conf, std::string_view key, std::string_view what) {
  const auto text = conf.Get(key);
  if (!text) return std::nullopt;
  const Result<int64_t> count = ParseJavaInt(*text);
  if (count.ok() && *count > 0) return std::nullopt;
  return Error{std::string(key), std::string(what) + " must be a positive number"};
}

// A heap of its own. Before 4.0 the launcher looks for the text anywhere, since then for a word.
bool SetsHeap(std::string_view options, const std::vector<std::string>& words,
              SparkVersion version) {
  if (version < SparkVersion{4, 0}) return options.find("-Xmx") != std::string_view::npos;
  return std::ranges::any_of(words,
                             [](const std::string& word) { return word.starts_with("-Xmx"); });
}

}  // namespace

Refused SubmitArgs(const SparkConf& conf, SparkVersion version) {
  if (auto no = NotPositiveMemory(conf, "spark.driver.memory", "Driver", version)) return no;
  if (auto no = NotPositiveMemory(conf, "spark.executor.memory", "Executor", version)) return no;
  if (auto no = NotPositiveCount(conf, "spark.driver.cores", "Driver cores")) return no;
  if (auto no = NotPositiveCount(conf, "spark.executor.cores", "Executor cores")) return no;
  if (auto no = NotPositiveCount(conf, "spark.cores.max", "Total executor cores")) return no;
  if (const auto rest = conf.Get("spark.master.rest.enabled")) {
    const Result<bool> enabled = ParseJavaBoolean(*rest);
    if (!enabled.ok()) return Error{"spark.master.rest.enabled", enabled.error().what};
  }
  if (version >= SparkVersion{3, 4} && conf.Has("spark.remote")) {
    return Error{"spark.remote", "Remote cannot be specified with master and/or deploy mode."};
  }
  // "true" in any case, untrimmed.
  const auto dynamic = conf.Get("spark.dynamicAllocation.enabled");
  if (dynamic && ParseJavaBoolean(*dynamic).value_or(false)) return std::nullopt;
  return NotPositiveCount(conf, "spark.executor.instances", "Number of executors");
}

Refused DriverXmx(const SparkConf& conf, SparkVersion version) {
  for (const std::string_view key :
       {"spark.driver.defaultJavaOptions", "spark.driver.extraJavaOptions"}) {
    const auto options = conf.Get(key);
    if (!options) continue;
    const auto words = OptionWords(*options);
    if (!words) return Error{std::string(key), "Invalid option string: " + std::string(*options)};
    if (SetsHeap(*options, *words, version)) {
      return Error{
          std::string(key),
          "Not allowed to specify max heap(Xmx) memory settings through java options (was " +
              std::string(*options) +
              "). Use the corresponding --driver-memory or spark.driver.memory "
              "configuration instead."};
    }
  }
  return std::nullopt;
}

// The flag is the text as written, trimmed: HotSpot takes digits and one of k, m, g, t. A
// properties file is what trims.
Refused Jvm(const SparkConf& conf) {
  constexpr int64_t kLeastHeap = int64_t{2} << 20;
  constexpr int64_t kMostHeap = int64_t{128} << 40;  // the address space of a process
  const auto text = conf.Get("spark.driver.memory");
  if (!text) return std::nullopt;
  const std::string_view flag = JavaTrim(*text);
  if (flag.empty()) return std::nullopt;  // the launcher takes 1g then
  const auto refuse = [&](const std::string& why) {
    return Error{"spark.driver.memory", why + ": the driver's JVM is started with -Xmx" +
                                            std::string(flag) +
                                            ", of which it reads digits and one of k, m, g, t"};
  };
  int64_t number = 0;
  const char* const end = flag.data() + flag.size();
  const auto read = std::from_chars(flag.data(), end, number);
  const std::string_view unit(read.ptr, static_cast<size_t>(end - read.ptr));
  constexpr std::string_view kUnits = "kmgt";
  const size_t power =
      unit.size() == 1 ? kUnits.find(static_cast<char>(unit[0] | 0x20)) : std::string_view::npos;
  if (read.ec == std::errc::invalid_argument || flag[0] == '-' ||
      (!unit.empty() && power == std::string_view::npos)) {
    return refuse("Invalid maximum heap size: -Xmx" + std::string(flag));
  }
  const int64_t bytes =
      read.ec != std::errc()
          ? kMostHeap
          : SaturatingMultiply(number, unit.empty() ? 1 : int64_t{1} << (10 * (power + 1)));
  if (bytes < kLeastHeap) {
    return refuse("Error occurred during initialization of VM: Too small maximum heap");
  }
  if (bytes >= kMostHeap) {
    return refuse("Error occurred during initialization of VM: Could not reserve enough space");
  }
  return std::nullopt;
}

}  // namespace ballast::policy::stages
