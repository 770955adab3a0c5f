#include "policy/print_value.h"

#include <charconv>

namespace ballast::policy {
namespace {

constexpr int64_t kKibi = 1024;
constexpr int64_t kMebi = 1024 * kKibi;
constexpr int64_t kGibi = 1024 * kMebi;

// At most one digit after the point.
std::string Tenths(int64_t amount, int64_t unit) {
  std::string text = std::to_string(amount / unit);
  const int64_t tenth = amount % unit * 10 / unit;
  if (tenth != 0) {
    text += '.';
    text += static_cast<char>('0' + tenth);
  }
  return text;
}

}  // namespace

std::string PrintNumber(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

std::string PrintExactSize(ByteSize size) {
  const int64_t bytes = size.bytes();
  if (bytes % kGibi == 0 && bytes != 0) return std::to_string(bytes / kGibi) + "g";
  if (bytes % kMebi == 0) return std::to_string(bytes / kMebi) + "m";
  if (bytes % kKibi == 0) return std::to_string(bytes / kKibi) + "k";
  return std::to_string(bytes) + "b";
}

std::string DescribeSize(ByteSize size) {
  const int64_t bytes = size.bytes();
  if (bytes >= kGibi) return Tenths(bytes, kGibi) + " GiB";
  if (bytes >= kMebi) return Tenths(bytes, kMebi) + " MiB";
  return std::to_string(bytes) + " bytes";
}

}  // namespace ballast::policy
