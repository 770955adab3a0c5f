#include "policy/memory_limit.h"

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

}  // namespace

std::optional<ByteSize> ParseMemoryLimit(std::string_view text) {
  std::string quantity(text);
  for (const Suffix& suffix : kSuffixes) {
    if (!text.ends_with(suffix.written)) continue;
    quantity.resize(text.size() - suffix.written.size());
    quantity += suffix.kubernetes;
    break;
  }
  const Result<ByteSize> size = ParseMemoryQuantity(quantity);
  if (!size.ok()) return std::nullopt;
  return *size;
}

}  // namespace ballast::policy
