#include "policy/initial_heap.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "policy/option_words.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kFlags[] = {"-Xms", "-XX:InitialHeapSize="};

// HotSpot takes digits and at most one of k, m, g, t.
std::optional<ByteSize> JvmSize(std::string_view text) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit(read.ptr, static_cast<size_t>(end - read.ptr));
  if (unit.empty()) return Bytes(number);
  constexpr std::string_view kUnits = "kmgt";
  const size_t power =
      unit.size() == 1 ? kUnits.find(static_cast<char>(unit[0] | 0x20)) : std::string_view::npos;
  if (power == std::string_view::npos) return std::nullopt;
  return Bytes(SaturatingMultiply(number, int64_t{1} << (10 * (power + 1))));
}

}  // namespace

std::optional<ByteSize> InitialDriverHeap(const SparkConf& conf) {
  std::optional<ByteSize> heap;
  // In the order in which the JVM gets them: the last one counts.
  for (const HashedKey key :
       {HashedKey("spark.driver.defaultJavaOptions"), HashedKey("spark.driver.extraJavaOptions")}) {
    const auto options = conf.Get(key);
    const auto words = options ? OptionWords(*options) : std::nullopt;
    if (!words) continue;
    for (const std::string& word : *words) {
      for (const std::string_view flag : kFlags) {
        if (word.starts_with(flag)) heap = JvmSize(std::string_view(word).substr(flag.size()));
      }
    }
  }
  return heap;
}

}  // namespace ballast::policy
