// Reading fields of simdjson's documents that may be missing or of another type.
//
// The document model, and not simdjson's on-demand one: only the former chooses the machine's
// vector instructions at run time, and the other falls back to code that is several times slower.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string_view>

namespace ballast::webhook {

using JsonObject = simdjson::dom::object;
using JsonValue = simdjson::dom::element;

// 0 where it is missing or no whole number.
inline int64_t IntOf(JsonObject object, std::string_view key) {
  int64_t value = 0;
  if (object.at_key(key).get_int64().get(value) != simdjson::SUCCESS) return 0;
  return value;
}

// Lives as long as the document.
inline std::string_view TextOf(JsonObject object, std::string_view key) {
  std::string_view value;
  if (object.at_key(key).get_string().get(value) != simdjson::SUCCESS) return {};
  return value;
}

inline bool BoolOf(JsonObject object, std::string_view key) {
  bool value = false;
  if (object.at_key(key).get_bool().get(value) != simdjson::SUCCESS) return false;
  return value;
}

// Calls visit(object) for the object under the key, if there is one.
template <typename Visit>
void InObject(JsonObject object, std::string_view key, Visit&& visit) {
  JsonObject inner;
  if (object.at_key(key).get_object().get(inner) == simdjson::SUCCESS) visit(inner);
}

// Calls visit(value) for each element of the array under the key, if there is one.
template <typename Visit>
void InArray(JsonObject object, std::string_view key, Visit&& visit) {
  simdjson::dom::array array;
  if (object.at_key(key).get_array().get(array) != simdjson::SUCCESS) return;
  for (const JsonValue value : array) visit(value);
}

}  // namespace ballast::webhook
