#include "policy/memory_limit.h"

#include "policy/quantity.h"
#include "policy/spark_size.h"

namespace ballast::policy {

std::optional<ByteSize> ParseMemoryLimit(std::string_view text) {
  const bool sparks_suffix = !text.empty() && text.back() >= 'a' && text.back() <= 'z';
  if (sparks_suffix) {
    const Result<int64_t> bytes = ByteStringAs(text, ByteUnit::kByte, kOldestSpark);
    if (bytes.ok()) return Bytes(*bytes);
  }
  const Result<ByteSize> quantity = ParseMemoryQuantity(text);
  if (!quantity.ok()) return std::nullopt;
  return *quantity;
}

}  // namespace ballast::policy
