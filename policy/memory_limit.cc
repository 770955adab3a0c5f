#include "policy/memory_limit.h"

#include <algorithm>
#include <string>

#include "policy/quantity.h"

namespace ballast::policy {
namespace {

struct Suffix {
  std::string_view written;
  std::string_view kubernetes;
};
// As the operator has them: longer ones first.
constexpr Suffix kSuffixes[] = {{"kb", "Ki"}, {"mb", "Mi"}, {"gb", "Gi"}, {"tb", "Ti"},
                                {"pb", "Pi"}, {"k", "Ki"},  {"m", "Mi"},  {"g", "Gi"},
                                {"t", "Ti"},  {"p", "Pi"}};

bool EndsInAnyCase(std::string_view text, std::string_view suffix) {
  const auto same = [](char letter, char lower) { return (letter | 0x20) == lower; };
  return text.size() >= suffix.size() &&
         std::ranges::equal(text.substr(text.size() - suffix.size()), suffix, same);
}

}  // namespace

std::optional<ByteSize> ParseMemoryLimit(std::string_view text) {
  std::string quantity(text);
  for (const Suffix& suffix : kSuffixes) {
    if (!EndsInAnyCase(text, suffix.written)) continue;
    // It looks for a suffix in any case and takes it away in this one: of "4G" it makes "4GGi".
    if (text.ends_with(suffix.written)) quantity.resize(text.size() - suffix.written.size());
    quantity += suffix.kubernetes;
    break;
  }
  const Result<ByteSize> size = ParseMemoryQuantity(quantity);
  if (!size.ok()) return std::nullopt;
  return *size;
}

}  // namespace ballast::policy
