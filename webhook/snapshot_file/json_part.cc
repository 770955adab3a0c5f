#include "webhook/snapshot_file/json_part.h"

namespace ballast::webhook {

std::string JsonPart::Text(std::string fallback) const {
  if (!exists()) return fallback;
  if (const auto text = value_.string()) return std::string(*text);
  Fail("must be text");
  return fallback;
}

int64_t JsonPart::Whole(int64_t fallback) const {
  if (!exists()) return fallback;
  if (const auto number = value_.integer()) return *number;
  Fail("must be a whole number");
  return fallback;
}

bool JsonPart::Flag(bool fallback) const {
  if (!exists()) return fallback;
  if (const auto flag = value_.boolean()) return *flag;
  Fail("must be true or false");
  return fallback;
}

}  // namespace ballast::webhook
